using System.Buffers;
using System.Text.Json;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>A request's body that holds credentials: in pinned memory, and what it outgrows is wiped.</summary>
internal sealed class SecretBody : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = SecretBytes.Allocate(4 * 1024);
    private int _length;

    private SecretBody()
    {
    }

    /// <summary>The body, to be wiped.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using var body = new SecretBody();
        using (var writer = new Utf8JsonWriter(body, ProtocolJson.Writing))
            write(writer);
        var exact = SecretBytes.Allocate(body._length);
        body._bytes.AsSpan(0, body._length).CopyTo(exact);
        return exact;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(sizeHint, 1))
        {
            var larger = SecretBytes.Allocate(checked(Math.Max(_bytes.Length * 2, _length + sizeHint)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            SecretBytes.Wipe(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => SecretBytes.Wipe(_bytes);
}
