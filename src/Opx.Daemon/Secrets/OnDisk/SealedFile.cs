using System.Buffers.Binary;
using System.Security.Cryptography;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>
/// One file, sealed as a whole with AES-256-GCM: <c>OPXSEAL1</c>, its number, nonce, tag, sealed bytes. What was changed, cut off, or put back
/// from before does not open, and counts as nothing.
/// </summary>
internal sealed class SealedFile(string path, uint owner, ISealingKeyStore keys)
{
    private const int NonceSize = 12, TagSize = 16;
    private const int NumberAt = 8, NonceAt = 16, TagAt = NonceAt + NonceSize, SealedAt = TagAt + TagSize;

    /// <summary>Replaces the file. The key is given the new number first: should we end in between, the old file is nothing any more.</summary>
    /// <exception cref="OpxPathException">It cannot be written.</exception>
    public bool TryWrite(SecretBuffer content, TimeSpan lifetime)
    {
        using var before = keys.Load() ?? SealingKey.New();
        using var key = before.Next();
        var file = new byte[SealedAt + content.Length];
        "OPXSEAL1"u8.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(NumberAt), key.Generation);
        RandomNumberGenerator.Fill(file.AsSpan(NonceAt, NonceSize));
        using (var cipher = new AesGcm(key.Key, TagSize))
            cipher.Encrypt(file.AsSpan(NonceAt, NonceSize), content.Bytes, file.AsSpan(SealedAt), file.AsSpan(TagAt, TagSize), file.AsSpan(0, NonceAt));
        if (!keys.TryStore(key, lifetime))
            return false;
        PrivateFile.Write(path, file);
        return true;
    }

    /// <summary>What was sealed, to be disposed of; null where there is nothing, or nothing any more that opens it: its time is over.</summary>
    /// <exception cref="InvalidDataException">It is not what was written last.</exception>
    public SecretBuffer? Read()
    {
        if (PrivateFile.Read(path, owner) is not { Length: > 0 } file)
            return null;
        if (file.Length < SealedAt || !file.AsSpan().StartsWith("OPXSEAL1"u8))
            throw new InvalidDataException("it is no file of ours, or was cut off");
        using var key = keys.Load();
        if (key is null)
            return null;
        if (BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(NumberAt)) != key.Generation)
            throw new InvalidDataException("it is not the one that was written last");
        var content = new SecretBuffer();
        try
        {
            var length = file.Length - SealedAt;
            using var cipher = new AesGcm(key.Key, TagSize);
            cipher.Decrypt(
                file.AsSpan(NonceAt, NonceSize), file.AsSpan(SealedAt), file.AsSpan(TagAt, TagSize), content.Room(Math.Max(length, 1))[..length], file.AsSpan(0, NonceAt));
            content.Advance(length);
            return content;
        }
        catch (CryptographicException)
        {
            content.Dispose();
            throw new InvalidDataException("it was changed, or cut off");
        }
    }

    /// <summary>The file is gone; the key stays.</summary>
    public void Remove() => PrivateFile.Erase(path);

    /// <summary>File and key are gone: what somebody has copied opens for nobody.</summary>
    public void Destroy()
    {
        try
        {
            keys.Forget();
        }
        finally
        {
            Remove();
        }
    }
}
