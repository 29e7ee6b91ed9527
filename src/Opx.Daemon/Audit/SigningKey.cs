using System.Security.Cryptography;
using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Daemon.Audit;

/// <summary>The key that signs checkpoints: ECDSA P-256, made with the log, its public half beside it.</summary>
internal static class SigningKey
{
    /// <param name="isNew">True where there was none.</param>
    /// <exception cref="OpxPathException">What is there is no key of ours, or it cannot be made.</exception>
    public static ECDsa LoadOrCreate(string directory, uint owner, out bool isNew)
    {
        var path = AuditFiles.KeyFile(directory);
        var content = PrivateFile.Read(path, owner);
        isNew = content is null;
        var key = content is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : Parse(content, path);
        if (content is null)
            PrivateFile.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        var publicKey = Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n");
        var publicPath = AuditFiles.PublicKeyFile(directory);
        if (PrivateFile.Read(publicPath, owner) is not { } there || !there.AsSpan().SequenceEqual(publicKey))
            PrivateFile.Write(publicPath, publicKey);
        return key;
    }

    private static ECDsa Parse(byte[] content, string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(content));
            if (key.KeySize == 256)
                return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // Said below.
        }

        key.Dispose();
        throw new OpxPathException(
            $"{Printable.Text(path)} is not a P-256 private key: put the right one back, or move it and audit.pub away for a new one");
    }
}
