using System.Runtime.InteropServices;
using System.Text;

namespace Opx.Cli.Policies;

/// <summary>A path as the kernel calls the executable that was started by it: absolute, every symbolic link resolved.</summary>
internal static partial class RealPath
{
    // PATH_MAX, of Linux; macOS has less.
    private const int Longest = 4_096;

    /// <summary>Null where nothing is there, or it may not be looked at.</summary>
    public static string? Of(string path)
    {
        var resolved = new byte[Longest];
        if (Resolve(Path.GetFullPath(path), resolved) == 0)
            return null;
        return Encoding.UTF8.GetString(resolved.AsSpan(0, Array.IndexOf(resolved, (byte)0)));
    }

    /// <summary>The resolved path, or the plain one where nothing is there yet.</summary>
    public static string OrPlain(string path) => Of(path) ?? Path.GetFullPath(path);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Resolve(string path, [Out] byte[] resolved);
}
