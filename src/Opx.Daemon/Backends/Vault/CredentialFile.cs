using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A file that holds a credential which another program keeps up to date, read straight into memory that is wiped.</summary>
internal static class CredentialFile
{
    /// <summary>Null where there is none that can be read, or it is longer.</summary>
    public static SecretBuffer? TryRead(string path, int most)
    {
        var bytes = new SecretBuffer();
        try
        {
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

        bytes.Dispose();
        return null;
    }

    private static void Fill(SafeFileHandle file, SecretBuffer bytes, int most)
    {
        while (bytes.Length <= most && RandomAccess.Read(file, bytes.Room(4_096), bytes.Length) is var read and > 0)
            bytes.Advance(read);
    }
}
