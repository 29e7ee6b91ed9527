using System.Security.Cryptography;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary>Arrays for values: pinned, so that the collector leaves no copies behind when it moves things, and wiped by whoever is done.</summary>
public static class SecretBytes
{
    public static byte[] Allocate(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    public static void Wipe(byte[] bytes) => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>The bytes of the JSON string that the reader stands on.</summary>
    internal static byte[] Unescape(ref Utf8JsonReader reader)
    {
        var most = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var bytes = Allocate(most);
        int length;
        try
        {
            length = reader.CopyString(bytes);
        }
        catch
        {
            // No valid Unicode; what came before that may be half a secret.
            Wipe(bytes);
            throw;
        }

        if (length == most)
            return bytes;
        var exact = Allocate(length);
        bytes.AsSpan(0, length).CopyTo(exact);
        Wipe(bytes);
        return exact;
    }
}
