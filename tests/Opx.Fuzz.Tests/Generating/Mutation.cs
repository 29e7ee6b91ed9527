using System.Text;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Generating;

/// <summary>Small harm to a document.</summary>
internal static class Mutation
{
    /// <summary>The document, harmed in most cases, grown in very few.</summary>
    public static byte[] Some(byte[] document, Choices choices)
    {
        if (choices.Chance(35))
            return document;
        for (var times = choices.Between(1, 4); times > 0; times--)
            document = One(document, choices);
        return document;
    }

    public static byte[] One(byte[] document, Choices choices)
    {
        if (document.Length == 0)
            return [(byte)choices.Below(256)];
        var at = choices.Below(document.Length);
        var length = Math.Min(choices.Between(1, 12), document.Length - at);
        var before = document.AsSpan(0, at);
        var piece = document.AsSpan(at, length);
        var after = document.AsSpan(at + length);
        switch (choices.Below(9))
        {
            case 0: return [.. before, .. after];
            case 1: return [.. before, .. Encoding.UTF8.GetBytes(Words.Piece(choices)), .. document.AsSpan(at)];
            case 2: return [.. before, (byte)(piece[0] ^ (1 << choices.Below(8))), .. document.AsSpan(at + 1)];
            case 3: return [.. before, .. piece, .. piece, .. after];
            case 4: return [.. before];
            case 5: return [.. before, (byte)choices.Below(256), .. document.AsSpan(at)];
            case 6:
                var to = choices.Below(document.Length - length + 1);
                byte[] rest = [.. before, .. after];
                return [.. rest.AsSpan(0, to), .. piece, .. rest.AsSpan(to)];
            case 7: return [.. before, .. choices.Of<byte[]>([0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88], [0xE2, 0x82], [0xFF], [0xF4, 0x90, 0x80, 0x80]), .. after];
            default: return choices.Chance(2) ? Grown(document, at, piece, choices) : [.. before, .. Encoding.UTF8.GetBytes(Words.Text(choices)), .. after];
        }
    }

    // What grows faster than its input shows here.
    private static byte[] Grown(byte[] document, int at, ReadOnlySpan<byte> piece, Choices choices)
    {
        var grown = new List<byte>(document[..at]);
        for (var times = choices.Of(50, 500, 3_000); times > 0; times--)
            grown.AddRange(piece);
        grown.AddRange(document[at..]);
        return [.. grown];
    }
}
