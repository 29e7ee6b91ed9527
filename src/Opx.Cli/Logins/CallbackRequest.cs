using Opx.Protocol;

namespace Opx.Cli.Logins;

/// <summary>What a browser brings back from the identity provider. Code and state are secrets until the login is over: pinned bytes, to be wiped.</summary>
internal sealed class CallbackRequest : IDisposable
{
    public const string Path = "/oidc/callback";

    private readonly Dictionary<string, byte[]> _values = [];

    private CallbackRequest()
    {
    }

    public byte[]? Code => _values.GetValueOrDefault("code");

    public byte[]? State => _values.GetValueOrDefault("state");

    /// <summary>The provider said no, in words of its own.</summary>
    public bool IsRefusal => Code is null && _values.ContainsKey("error");

    /// <summary>True where the head of the request is there.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> head) => head.IndexOf("\r\n\r\n"u8) >= 0;

    /// <summary>Null where it asks for something else: an icon, say.</summary>
    public static CallbackRequest? Parse(ReadOnlySpan<byte> head)
    {
        var line = head[..Math.Max(head.IndexOf("\r\n"u8), 0)];
        if (!line.StartsWith("GET "u8) || line[4..].IndexOf((byte)' ') is not (> 0 and var end))
            return null;
        var target = line.Slice(4, end);
        var question = target.IndexOf((byte)'?');
        if (question < 0 || !target[..question].SequenceEqual("/oidc/callback"u8))
            return null;
        var request = new CallbackRequest();
        foreach (var part in target[(question + 1)..].Split((byte)'&'))
        {
            var pair = target[(question + 1)..][part];
            var sign = pair.IndexOf((byte)'=');
            var name = sign < 0 ? pair : pair[..sign];
            // The first of a name counts, as in the daemon and in Vault.
            if (name.SequenceEqual("code"u8) || name.SequenceEqual("state"u8) || name.SequenceEqual("error"u8))
                request._values.TryAdd(System.Text.Encoding.ASCII.GetString(name), Decode(sign < 0 ? default : pair[(sign + 1)..]));
        }

        return request;
    }

    public void Dispose()
    {
        foreach (var value in _values.Values)
            SecretBytes.Wipe(value);
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var (decoded, length) = (SecretBytes.Allocate(text.Length), 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'%' && i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low)
            {
                decoded[length++] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                decoded[length++] = text[i] == (byte)'+' ? (byte)' ' : text[i];
            }
        }

        var exact = SecretBytes.Allocate(length);
        decoded.AsSpan(0, length).CopyTo(exact);
        SecretBytes.Wipe(decoded);
        return exact;
    }

    private static int Hex(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => letter - '0',
        >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
        _ => -1,
    };
}
