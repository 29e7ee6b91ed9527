using System.Buffers.Binary;
using System.Text;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>What a frame between daemon and worker is.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the worker, first: whom to trust.</summary>
    Trust = 1,

    /// <summary>To the worker.</summary>
    Request,

    /// <summary>To the worker: nobody waits for this request any more.</summary>
    Cancel,

    /// <summary>From the worker.</summary>
    Answer,
}

/// <summary>
/// Frames between daemon and worker: the length of what follows (4 bytes), the request's number (4), the kind (1), then fields, each with
/// its length (4; -1 for one that is not there) and bytes. Little-endian throughout.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = 9;

    public static void Trust(SecretBuffer into, ServerTrust trust)
    {
        Begin(into);
        Put(into, trust.CaPath);
        Put(into, trust.ClientCertificate);
        Put(into, trust.ClientKey);
        Put(into, trust.UsesProxy ? "" : null);
        End(into, 0, FrameKind.Trust);
    }

    public static ServerTrust Trust(ref FrameReader reader) =>
        new(reader.Text(), reader.Text(), reader.Text(), reader.Text() is not null);

    public static void Request(SecretBuffer into, uint number, VaultRequest request)
    {
        Begin(into);
        Put(into, request.Method);
        Put(into, request.Url);
        Put(into, request.UrlTail is { } tail, request.UrlTail is null ? default : request.UrlTail.Bytes);
        Put(into, request.Token is { } token, request.Token is null ? default : request.Token.Bytes);
        Put(into, request.Namespace);
        Put(into, request.Body is { } body, request.Body is null ? default : request.Body.Bytes);
        End(into, number, FrameKind.Request);
    }

    public static VaultRequest Request(ref FrameReader reader) => new(reader.Text()!, reader.Text()!)
    {
        UrlTail = reader.Buffer(),
        Token = reader.Value(),
        Namespace = reader.Text(),
        Body = reader.Buffer(),
    };

    public static void Cancel(SecretBuffer into, uint number)
    {
        Begin(into);
        End(into, number, FrameKind.Cancel);
    }

    public static void Answer(SecretBuffer into, uint number, VaultAnswer answer)
    {
        Begin(into);
        Put(into, (int)answer.Fault);
        Put(into, answer.Status);
        Put(into, answer.ContentType);
        Put(into, answer.RetryAfter);
        Put(into, answer.Location);
        Put(into, true, answer.Body.Bytes);
        End(into, number, FrameKind.Answer);
    }

    public static VaultAnswer Answer(ref FrameReader reader) => new()
    {
        Fault = (ExchangeFault)reader.Number(),
        Status = reader.Number(),
        ContentType = reader.Text(),
        RetryAfter = reader.Text(),
        Location = reader.Text(),
        Body = reader.Buffer() ?? new SecretBuffer(),
    };

    // The buffer holds nothing else, so that the header's place is known.
    private static void Begin(SecretBuffer into)
    {
        into.Room(HeaderBytes)[..HeaderBytes].Clear();
        into.Advance(HeaderBytes);
    }

    private static void End(SecretBuffer frame, uint number, FrameKind kind)
    {
        var header = frame.Written;
        BinaryPrimitives.WriteInt32LittleEndian(header, frame.Length - sizeof(int));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], number);
        header[8] = (byte)kind;
    }

    private static void Put(SecretBuffer into, string? text) => Put(into, text is not null, Encoding.UTF8.GetBytes(text ?? ""));

    private static void Put(SecretBuffer into, bool exists, ReadOnlySpan<byte> bytes)
    {
        Put(into, exists ? bytes.Length : -1);
        into.Append(bytes);
    }

    private static void Put(SecretBuffer into, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into.Room(sizeof(int)), number);
        into.Advance(sizeof(int));
    }
}

/// <summary>Reads a frame's fields in their order.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> frame)
{
    private ReadOnlySpan<byte> _rest = frame;

    public int Number()
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[sizeof(int)..];
        return number;
    }

    public string? Text() => Take(out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    public SecretValue? Value() => Take(out var bytes) ? SecretValue.CopyOf(bytes) : null;

    public SecretBuffer? Buffer()
    {
        if (!Take(out var bytes))
            return null;
        var buffer = new SecretBuffer();
        buffer.Append(bytes);
        return buffer;
    }

    private bool Take(out ReadOnlySpan<byte> bytes)
    {
        var length = Number();
        bytes = length < 0 ? default : _rest[..length];
        _rest = length < 0 ? _rest : _rest[length..];
        return length >= 0;
    }
}
