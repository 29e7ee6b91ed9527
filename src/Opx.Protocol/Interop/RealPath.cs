using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>realpath(3): the one name of a file that holds no link, which is what the kernel calls an executable.</summary>
public static partial class RealPath
{
    /// <summary>Null where nothing lies there. May block, as anything that walks a path.</summary>
    public static unsafe string? Of(string path)
    {
        var resolved = Resolve(path, null);
        if (resolved is null)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            NativeMemory.Free(resolved);
        }
    }

    /// <summary>The resolved path, or the plain one where nothing is there yet.</summary>
    public static string OrPlain(string path) => Of(path) ?? Path.GetFullPath(path);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* Resolve(string path, byte* into);
}
