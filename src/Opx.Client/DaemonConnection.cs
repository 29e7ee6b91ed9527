using System.Security.Authentication;
using Opx.Client.Interop;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>One TLS connection to a daemon that has shown the pinned certificate. Nobody else ever gets one, so the token is safe to send on it.</summary>
internal sealed class DaemonConnection : IDisposable
{
    // A daemon that is stopped or hung must not hang every shell; a read, on the other hand, may wait for a person.
    private const int HandshakeMilliseconds = 15_000;

    private readonly Stream _tls;
    private readonly UnixStream _socket;
    private readonly HttpResponseReader _responses;

    private DaemonConnection(Stream tls, UnixStream socket)
    {
        (_tls, _socket) = (tls, socket);
        _responses = new HttpResponseReader(tls);
    }

    /// <summary>Connects and checks who answers; null where nothing listens.</summary>
    /// <param name="meanwhile">Done while the daemon works on its half of the handshake. What it throws is thrown here.</param>
    /// <exception cref="DaemonUnreachableException">Something listens that is not our daemon, or it does not speak TLS.</exception>
    /// <exception cref="OpxPathException">A file or directory is not ours alone.</exception>
    /// <exception cref="DaemonStoppedException">It stopped during the handshake.</exception>
    public static DaemonConnection? Open(OpxPaths paths, uint userId, Action meanwhile)
    {
        if (DaemonSocket.Connect(paths, userId) is not { } socket)
            return null;
        try
        {
            // Where the service manager listens, the first daemon of all makes its certificate after we have connected, and before it greets.
            ServerPin? pin = null;
            void ReadFiles()
            {
                pin = ServerPin.IfThere(paths, userId);
                meanwhile();
            }

            if (Greet(socket, ReadFiles, () => pin ??= ServerPin.Of(paths, userId), paths) is { } greeted)
                return new DaemonConnection(greeted, socket);

            // The daemon renews its certificate while it runs: we may have read the old one and met the new one.
            var renewed = ServerPin.Of(paths, userId);
            if (pin is null || !renewed.IsSameAs(pin))
            {
                socket.Dispose();
                if (DaemonSocket.Connect(paths, userId) is not { } second)
                    return null;
                socket = second;
                if (Greet(socket, () => { }, () => renewed, paths) is { } again)
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

    /// <summary>The TLS handshake; null where the other side has another certificate than the pinned one.</summary>
    private static Stream? Greet(UnixStream socket, Action meanwhile, Func<ServerPin> pin, OpxPaths paths)
    {
        try
        {
            socket.SetTimeout(HandshakeMilliseconds);
            var tls = PinnedTls.Greet(socket, meanwhile, pin);
            if (tls is not null)
                socket.SetTimeout(0);
            return tls;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            if (socket.IsClosed)
                throw new DaemonStoppedException($"what listens on {Printable.Text(paths.SocketPath)} hung up: run opx daemon restart");
            throw new DaemonUnreachableException(
                $"what listens on {Printable.Text(paths.SocketPath)} did not complete the TLS handshake: run opx daemon restart", false);
        }
    }
}
