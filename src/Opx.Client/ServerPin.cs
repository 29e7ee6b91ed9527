using System.Security.Cryptography;
using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Client;

/// <summary>The one certificate that the client trusts: the bytes in <c>tls.crt</c>. No authority, no name and no date is looked at.</summary>
internal sealed class ServerPin
{
    private readonly byte[] _certificate;

    private ServerPin(byte[] certificate) => _certificate = certificate;

    /// <summary>Null where no daemon has made one yet, or it is not as it has to be: <see cref="Of"/> says how.</summary>
    public static ServerPin? IfThere(OpxPaths paths, uint userId)
    {
        try
        {
            return Of(paths, userId);
        }
        catch (Exception error) when (error is DaemonUnreachableException or OpxPathException or IOException)
        {
            return null;
        }
    }

    /// <exception cref="DaemonUnreachableException">There is none, or the file holds no certificate.</exception>
    /// <exception cref="OpxPathException">The file is another's or open to others.</exception>
    public static ServerPin Of(OpxPaths paths, uint userId)
    {
        var shown = Printable.Text(paths.CertificateFile);
        var file = PrivateFile.Read(paths.CertificateFile, userId) ?? throw new DaemonUnreachableException(
            $"something listens on {Printable.Text(paths.SocketPath)}, but there is no {shown} to know it by: run opx daemon restart", false);
        var text = Encoding.ASCII.GetString(file);
        if (!PemEncoding.TryFind(text, out var fields) || !text.AsSpan()[fields.Label].SequenceEqual("CERTIFICATE"))
            throw new DaemonUnreachableException($"{shown} holds no certificate: run opx daemon restart", false);
        return new ServerPin(Convert.FromBase64String(text[fields.Base64Data]));
    }

    /// <param name="presented">DER, as it was shown.</param>
    public bool Matches(ReadOnlySpan<byte> presented) => presented.SequenceEqual(_certificate);

    public bool IsSameAs(ServerPin other) => _certificate.AsSpan().SequenceEqual(other._certificate);
}
