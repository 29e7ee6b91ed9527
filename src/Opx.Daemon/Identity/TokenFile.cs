using System.Security.Cryptography;
using System.Text;
using Opx.Protocol.Files;

namespace Opx.Daemon.Identity;

/// <summary>The token that every request carries: 64 lower-case hexadecimal characters, without a newline, in a file of mode 0600.</summary>
internal static class TokenFile
{
    public const int Length = 64;

    /// <summary>The token in the file; a new one where there is none, or none that a client could send as it is.</summary>
    public static string LoadOrCreate(string path, uint owner)
    {
        if (PrivateFile.Read(path, owner) is { } bytes && IsToken(bytes))
            return Encoding.ASCII.GetString(bytes);
        var token = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        PrivateFile.Write(path, Encoding.ASCII.GetBytes(token));
        return token;
    }

    private static bool IsToken(byte[] bytes) => bytes.Length == Length && bytes.All(b => b is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'));
}
