using System.Text;

namespace Opx.Protocol.Files;

/// <summary>
/// A script that runs opx. Under the name of <c>op</c> it is a drop-in like a link to opx: who looks for 1Password's own CLI passes it by,
/// because it would ask the daemon, and the daemon would ask it.
/// </summary>
public static class WrapperScript
{
    private const int MostBytes = 64 * 1024;
    private const string Opx = "opx";

    /// <summary>True where a line that is no comment has <c>opx</c>, or a path that ends in it, among its words.</summary>
    public static bool RunsOpx(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[MostBytes];
            var length = file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
            return bytes.AsSpan(0, length).StartsWith("#!"u8)
                && Encoding.Latin1.GetString(bytes, 0, length).Split('\n').Any(line => !line.TrimStart().StartsWith('#') && Names(line));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever runs it learns why.
            return false;
        }
    }

    private static bool Names(string line)
    {
        for (var at = line.IndexOf(Opx, StringComparison.Ordinal); at >= 0; at = line.IndexOf(Opx, at + 1, StringComparison.Ordinal))
        {
            var (before, after) = (at == 0 ? ' ' : line[at - 1], at + Opx.Length == line.Length ? ' ' : line[at + Opx.Length]);
            if (!IsOfName(before) && !IsOfName(after) && after != '/')
                return true;
        }

        return false;
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
