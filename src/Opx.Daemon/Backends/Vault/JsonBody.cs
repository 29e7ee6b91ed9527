using System.Text;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>
/// A request's body: one flat object of strings. Not <c>Utf8JsonWriter</c>, which escapes through arrays of a shared pool that nobody
/// clears.
/// </summary>
internal sealed class JsonBody : IDisposable
{
    public JsonBody() => Bytes.Append("{}"u8);

    public SecretBuffer Bytes { get; } = new();

    public JsonBody Add(string name, ReadOnlySpan<byte> value)
    {
        // Over the brace that closes it.
        Bytes.Truncate(Bytes.Length - 1);
        Bytes.Append(Bytes.Length > 1 ? ",\""u8 : "\""u8);
        Bytes.Append(Encoding.UTF8.GetBytes(name));
        Bytes.Append("\":\""u8);
        Escape(value);
        Bytes.Append("\"}"u8);
        return this;
    }

    public JsonBody Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    public void Dispose() => Bytes.Dispose();

    private void Escape(ReadOnlySpan<byte> value)
    {
        foreach (ref readonly var each in value)
        {
            if (each is (byte)'"' or (byte)'\\')
                Bytes.Append([(byte)'\\', each]);
            else if (each < 0x20)
                Bytes.Append([.. "\\u00"u8, (byte)(each < 0x10 ? '0' : '1'), "0123456789abcdef"u8[each & 15]]);
            else
                Bytes.Append(new ReadOnlySpan<byte>(in each));
        }
    }
}
