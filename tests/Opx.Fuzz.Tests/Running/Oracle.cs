using System.Text;

namespace Opx.Fuzz.Tests.Running;

/// <summary>Something is not as it must be.</summary>
internal sealed class OracleException(string what) : Exception(what);

internal static class Oracle
{
    public static void Holds(bool isTrue, string what)
    {
        if (!isTrue)
            throw new OracleException(what);
    }

    public static void Same<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new OracleException($"{what}: '{actual}', plainly '{expected}'");
    }

    public static void SameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
            throw new OracleException($"{what}: '{Shown(actual)}', plainly '{Shown(expected)}'");
    }

    /// <summary>A text of ours is one line without anything that moves a cursor, short, and without the secret that stood in the input.</summary>
    public static void IsFit(string text, byte[]? input = null, int most = 3_000)
    {
        Holds(text.Length > 0 && text.Length <= most, $"a text of {text.Length} characters");
        Holds(!text.Any(char.IsControl), $"a control character in '{Shown(Encoding.UTF8.GetBytes(text))}'");
        Holds(input is null || !Generating.Secret.IsOnlyValueIn(input) || !text.Contains(Generating.Secret.Text), $"a secret in '{text}'");
    }

    /// <summary>Bytes on one line of ASCII, as a shell's printf takes them.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes.Length > 4_000 ? bytes[..4_000] : bytes)
            text.Append(one is (byte)'\n' ? "\\n" : one is (byte)'\\' ? "\\\\" : one is >= 0x20 and < 0x7f ? ((char)one).ToString() : $"\\{Convert.ToString(one, 8).PadLeft(3, '0')}");
        return text.ToString() + (bytes.Length > 4_000 ? $"… ({bytes.Length} bytes)" : "");
    }
}
