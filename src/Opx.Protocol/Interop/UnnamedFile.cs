using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Opx.Protocol.Interop;

/// <summary>A file that lies in a directory and has no name there, so that whatever happens to its writer nothing of it is left: open(2), O_TMPFILE.</summary>
internal static partial class UnnamedFile
{
    private const int CurrentDirectory = -100, FollowLink = 0x400;
    private const int WriteOnly = 1, CloseOnExec = 0x80000, Unnamed = 0x400000;

    // The kernel wants O_DIRECTORY beside it, which has another number on arm64.
    private static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>Null where the system or the file system has no such files, or the directory does not take one.</summary>
    public static SafeFileHandle? TryCreate(string directory)
    {
        const int ownerOnly = 0x180;
        if (!OperatingSystem.IsLinux())
            return null;
        var file = Open(directory, Unnamed | Directory | WriteOnly | CloseOnExec, ownerOnly);
        if (!file.IsInvalid)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>Gives it a name that nothing has yet; false where something has it.</summary>
    public static bool TryName(SafeFileHandle file, string path) =>
        Link(CurrentDirectory, $"/proc/self/fd/{file.DangerousGetHandle()}", CurrentDirectory, path, FollowLink) == 0;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(int fromDirectory, string from, int toDirectory, string to, int flags);
}
