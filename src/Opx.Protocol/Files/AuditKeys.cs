using System.Security.Cryptography;

namespace Opx.Protocol.Files;

/// <summary>The keys beside the log, as a reader of the log finds them.</summary>
/// <param name="Public">Of <c>audit.pub</c>; null where that is no such key.</param>
/// <param name="Head">What authenticates <c>audit.head</c>; null where there is no <c>audit.key</c>.</param>
/// <param name="Match">False where <c>audit.pub</c> is not the public half of <c>audit.key</c>.</param>
public sealed record AuditKeys(ECDsa? Public, byte[]? Head, bool Match) : IDisposable
{
    public static AuditKeys Read(string directory)
    {
        var publicKey = Key(AuditFiles.PublicKeyFile(directory));
        using var privateKey = Key(AuditFiles.KeyFile(directory));
        if (privateKey is null || HeadKey(privateKey) is not { } head)
            return new AuditKeys(publicKey, null, Match: true);
        var match = publicKey is null
            || publicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(privateKey.ExportSubjectPublicKeyInfo());
        return new AuditKeys(publicKey, head, match);
    }

    /// <summary>The key for <c>audit.head</c>, derived so that nothing made with it says anything of the one that signs; null for a public key.</summary>
    public static byte[]? HeadKey(ECDsa key)
    {
        ECParameters parameters;
        try
        {
            parameters = key.ExportParameters(includePrivateParameters: true);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var head = HKDF.DeriveKey(HashAlgorithmName.SHA256, parameters.D!, HMACSHA256.HashSizeInBytes, info: "opx audit.head 1"u8.ToArray());
        CryptographicOperations.ZeroMemory(parameters.D);
        return head;
    }

    public void Dispose() => Public?.Dispose();

    private static ECDsa? Key(string path)
    {
        var key = ECDsa.Create();
        try
        {
            // A pipe in its place would be waited for.
            using var file = new StreamReader(AuditFiles.OpenRead(path));
            key.ImportFromPem(file.ReadToEnd());
            if (key.KeySize == 256)
                return key;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // None, then.
        }

        key.Dispose();
        return null;
    }
}
