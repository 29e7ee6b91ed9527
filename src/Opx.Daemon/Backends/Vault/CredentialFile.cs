using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Secrets;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A file that holds a credential which another program keeps up to date, read straight into memory that is wiped.</summary>
internal static class CredentialFile
{
    private const uint TypeMask = 0xF000, PlainFile = 0x8000;

    /// <summary>Null where there is none that can be read, or it is longer. A pipe in its place is none: it would be waited for.</summary>
    public static SecretBuffer? TryRead(string path, int most)
    {
        if (Stat.Of(path, follow: true) is not { Mode: var mode } || (mode & TypeMask) != PlainFile)
            return null;
        var bytes = new SecretBuffer();
        try
        {
            // A pipe would be waited for, for ever.
            if (FileStatus.Of(path, follow: true) is not { IsRegularFile: true })
                return Nothing(bytes);
            using var file = File.OpenHandle(path);
            if (RandomAccess.GetLength(file) <= most)
            {
                Fill(file, bytes, most);
                return bytes;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // As good as none.
        }

        return Nothing(bytes);
    }

    private static SecretBuffer? Nothing(SecretBuffer bytes)
    {
        bytes.Dispose();
        return null;
    }

    private static void Fill(SafeFileHandle file, SecretBuffer bytes, int most)
    {
        while (bytes.Length <= most && RandomAccess.Read(file, bytes.Room(4_096), bytes.Length) is var read and > 0)
            bytes.Advance(read);
    }
}
