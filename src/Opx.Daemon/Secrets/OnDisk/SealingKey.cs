using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>
/// The key of the sealed file, and which file it belongs to: files are numbered, and one with another number is an old one that somebody put
/// back. Both are kept as one piece.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    public const int Size = KeySize + sizeof(long);

    private const int KeySize = 32;

    private readonly SecretValue _bytes;

    private SealingKey(ReadOnlySpan<byte> bytes) => _bytes = SecretValue.CopyOf(bytes);

    public ReadOnlySpan<byte> Key => _bytes.Bytes[..KeySize];

    public long Generation => BinaryPrimitives.ReadInt64LittleEndian(_bytes.Bytes[KeySize..]);

    /// <summary>Key and number, as they are kept.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Bytes;

    public static SealingKey New()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes[..KeySize]);
        bytes[KeySize..].Clear();
        var key = new SealingKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>Null where it is not one.</summary>
    public static SealingKey? Of(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? new SealingKey(bytes) : null;

    /// <summary>The same key for the next file.</summary>
    public SealingKey Next()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Bytes.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[KeySize..], Generation + 1);
        var next = new SealingKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return next;
    }

    public void Dispose() => _bytes.Dispose();
}
