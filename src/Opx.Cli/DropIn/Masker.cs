using System.Buffers;
using Opx.Protocol;

namespace Opx.Cli.DropIn;

/// <summary>
/// Writes a stream with every secret in it replaced, as <c>op run</c> does: the leftmost first, of several at one place the longest. What may be
/// the beginning of a secret is held back until more comes; everything else goes out at once.
/// </summary>
internal sealed class Masker
{
    public static ReadOnlySpan<byte> Mask => "<concealed by 1Password>"u8;

    private readonly byte[][] _secrets;
    private readonly SearchValues<byte> _beginnings;
    private readonly Action<ReadOnlySpan<byte>> _write;
    private byte[] _held = [];

    /// <param name="secrets">Empty ones conceal nothing.</param>
    public Masker(IEnumerable<byte[]> secrets, Action<ReadOnlySpan<byte>> write)
    {
        _secrets = [.. secrets.Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length)];
        _beginnings = SearchValues.Create([.. _secrets.Select(secret => secret[0]).Distinct()]);
        _write = write;
    }

    public void Push(ReadOnlySpan<byte> bytes)
    {
        byte[] text = [.. _held, .. bytes];
        var used = Write(text, isEnd: false);
        SecretBytes.Wipe(_held);
        _held = text[used..];
        SecretBytes.Wipe(text);
    }

    /// <summary>Nothing more comes: what was held back is no secret.</summary>
    public void End()
    {
        Write(_held, isEnd: true);
        SecretBytes.Wipe(_held);
        _held = [];
    }

    /// <returns>How many bytes have been dealt with.</returns>
    private int Write(ReadOnlySpan<byte> text, bool isEnd)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + Mask.Length);
        var at = 0;
        while (at < text.Length)
        {
            var next = text[at..].IndexOfAny(_beginnings);
            if (next < 0)
                next = text.Length - at;
            output.Write(text.Slice(at, next));
            at += next;
            if (at == text.Length)
                break;
            var found = Find(text[at..], out var mayBeLonger);
            if (mayBeLonger && !isEnd)
                break;
            output.Write(found > 0 ? Mask : text.Slice(at, 1));
            at += Math.Max(found, 1);
        }

        if (output.WrittenCount > 0)
            _write(output.WrittenSpan);
        output.Clear();
        return at;
    }

    /// <summary>The length of the longest secret that the text begins with, or 0.</summary>
    /// <param name="mayBeLonger">A longer one begins with the whole text.</param>
    private int Find(ReadOnlySpan<byte> text, out bool mayBeLonger)
    {
        mayBeLonger = false;
        foreach (var secret in _secrets)
        {
            if (text.StartsWith(secret))
                return secret.Length;
            mayBeLonger |= secret.Length > text.Length && secret.AsSpan().StartsWith(text);
        }

        return 0;
    }
}
