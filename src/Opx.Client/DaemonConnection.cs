using System.Net.Security;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Opx.Client.Interop;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>One TLS connection to a daemon that has shown the pinned certificate. Nobody else ever gets one, so the token is safe to send on it.</summary>
internal sealed class DaemonConnection : IDisposable
{
    // A daemon that is stopped or hung must not hang every shell; a read, on the other hand, may wait for a person.
    private const int HandshakeMilliseconds = 15_000;

    // .NET builds a chain before it asks us. Nothing of it counts, so it is to look at nothing: not at the user's and the system's stores.
    private static readonly X509ChainPolicy PinnedOnly = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        VerificationTimeIgnored = true,
        DisableCertificateDownloads = true,
    };

    private readonly SslStream _tls;
    private readonly UnixStream _socket;
    private readonly HttpResponseReader _responses;

    private DaemonConnection(SslStream tls, UnixStream socket)
    {
        (_tls, _socket) = (tls, socket);
        _responses = new HttpResponseReader(tls);
    }

    /// <summary>Connects and checks who answers; null where nothing listens.</summary>
    /// <exception cref="DaemonUnreachableException">Something listens that is not our daemon, or it does not speak TLS.</exception>
    /// <exception cref="OpxPathException">A file or directory is not ours alone.</exception>
    /// <exception cref="DaemonStoppedException">It stopped during the handshake.</exception>
    public static DaemonConnection? Open(OpxPaths paths, uint userId)
    {
        SystemTrustStore.Bypass();
        if (DaemonSocket.Connect(paths, userId) is not { } socket)
            return null;
        try
        {
            // Where the service manager listens, the first daemon of all makes its certificate after we have connected, and before it greets.
            var pin = ServerPin.OfExisting(paths, userId);
            if (Greet(socket, () => pin ??= ServerPin.Of(paths, userId), paths) is { } greeted)
                return new DaemonConnection(greeted, socket);

            // The daemon renews its certificate while it runs: we may have read the old one and met the new one.
            var renewed = ServerPin.Of(paths, userId);
            if (pin is null || !renewed.IsSameAs(pin))
            {
                socket.Dispose();
                if (DaemonSocket.Connect(paths, userId) is not { } second)
                    return null;
                socket = second;
                if (Greet(socket, () => renewed, paths) is { } again)
                    return new DaemonConnection(again, socket);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        throw new DaemonUnreachableException(
            $"what listens on {Printable.Text(paths.SocketPath)} does not have the certificate in {Printable.Text(paths.CertificateFile)}: "
            + "nothing was sent; stop that process, or run opx daemon restart", false);
    }

    /// <summary>Sends one request and reads its answer.</summary>
    /// <exception cref="DaemonStoppedException">It stops and has not looked at the request.</exception>
    /// <exception cref="IOException">The connection was lost, or the answer is not HTTP.</exception>
    public HttpResponse Exchange(ReadOnlySpan<byte> request)
    {
        try
        {
            _tls.Write(request);
        }
        catch (IOException)
        {
            // A daemon that refuses a request before it has read all of it may close its side, with the answer already on its way.
        }

        try
        {
            return _responses.Read();
        }
        catch (EndOfStreamException) when (!_responses.HasBegun && !_socket.HasEnded)
        {
            // It said goodbye (close_notify) instead of an answer: what is worked on gets one, and a daemon that was killed says nothing.
            throw new DaemonStoppedException("the daemon has stopped: try again");
        }
    }

    public void Dispose() => _tls.Dispose();

    /// <summary>The TLS handshake; null where it failed because the certificate is another than the pinned one.</summary>
    private static SslStream? Greet(UnixStream socket, Func<ServerPin> pin, OpxPaths paths)
    {
        var mismatch = false;
        Exception? unreadable = null;
        bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            try
            {
                mismatch = !pin().Matches(certificate);
                return !mismatch;
            }
            catch (Exception error) when (error is DaemonUnreachableException or OpxPathException)
            {
                // Thrown where the caller sees it, not through TLS.
                unreadable = error;
                return false;
            }
        }

        var tls = new SslStream(socket);
        try
        {
            socket.SetTimeout(HandshakeMilliseconds);
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = Routes.CertificateName,
                RemoteCertificateValidationCallback = Check,
                CertificateChainPolicy = PinnedOnly,
                // The TLS below .NET on macOS knows no 1.3 for clients.
                EnabledSslProtocols = OperatingSystem.IsMacOS() ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            });
            socket.SetTimeout(0);
            return tls;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            tls.Dispose();
            if (unreadable is not null)
                ExceptionDispatchInfo.Throw(unreadable);
            if (!mismatch && socket.IsClosed)
                throw new DaemonStoppedException($"what listens on {Printable.Text(paths.SocketPath)} hung up: run opx daemon restart");
            return mismatch ? null : throw new DaemonUnreachableException(
                $"what listens on {Printable.Text(paths.SocketPath)} did not complete the TLS handshake: run opx daemon restart", false);
        }
    }
}
