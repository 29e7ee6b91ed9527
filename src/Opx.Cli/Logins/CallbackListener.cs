using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Opx.Cli.Output;

namespace Opx.Cli.Logins;

/// <summary>
/// Waits on this machine for a browser that comes back from the identity provider. Browsers connect ahead and say nothing, ask for icons, and any page can send
/// them here: a request counts where its state is the one that the login began with, and nothing else ends the wait.
/// </summary>
internal sealed class CallbackListener : IDisposable
{
    private const int MostConnections = 64;
    private const int LongestHead = 16 * 1024;

    private readonly List<Socket> _listeners = [];
    private readonly Dictionary<Socket, List<byte>> _open = [];

    /// <exception cref="FailureException">The port is taken.</exception>
    public CallbackListener(int port)
    {
        Bind(AddressFamily.InterNetwork, IPAddress.Loopback, port, mustWork: true);
        // A browser may take "localhost" for either.
        Bind(AddressFamily.InterNetworkV6, IPAddress.IPv6Loopback, Port, mustWork: false);
    }

    public int Port { get; private set; }

    public string RedirectUri => $"http://localhost:{Port}{CallbackRequest.Path}";

    /// <summary>The browser's request, and its connection, which waits to hear how it went.</summary>
    public (CallbackRequest Request, Socket Browser) Wait(string state, TimeSpan patience, TimeProvider clock)
    {
        var expected = Encoding.UTF8.GetBytes(state);
        var began = clock.GetTimestamp();
        while (true)
        {
            var left = patience - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                throw new FailureException(ExitCode.Locked, $"nobody signed in within {patience.TotalMinutes:0} minutes: try again");
            var ready = new List<Socket>([.. _listeners, .. _open.Keys]);
            Socket.Select(ready, null, null, left);
            foreach (var socket in ready)
            {
                if (_listeners.Contains(socket))
                    Accept(socket);
                else if (Receive(socket, expected) is { } request)
                    return (request, socket);
            }
        }
    }

    /// <summary>A page for the person, which ends the connection.</summary>
    public static void Say(Socket browser, int status, string sentence)
    {
        var page = $"<!doctype html><meta charset=utf-8><title>opx</title><p>{WebUtility.HtmlEncode(sentence)}</p>\n";
        var head = $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Not Found")}\r\nContent-Type: text/html; charset=utf-8\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(page)}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n";
        try
        {
            browser.SendTimeout = 2_000;
            browser.Send(Encoding.UTF8.GetBytes(head + page));
            browser.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The window was closed: nobody to tell.
        }
    }

    public void Dispose()
    {
        foreach (var socket in _listeners.Concat(_open.Keys))
            socket.Dispose();
    }

    private void Bind(AddressFamily family, IPAddress address, int port, bool mustWork)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(16);
            Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            _listeners.Add(socket);
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            if (mustWork)
            {
                throw new FailureException(
                    ExitCode.Failed, $"cannot listen on localhost:{port} ({error.SocketErrorCode}): say another with --listen-port, one that the role allows");
            }
        }
    }

    private void Accept(Socket listener)
    {
        var socket = listener.Accept();
        if (_open.Count >= MostConnections)
            Close(_open.Keys.First());
        _open[socket] = [];
    }

    private CallbackRequest? Receive(Socket socket, byte[] expected)
    {
        var (chunk, head) = (new byte[4096], _open[socket]);
        try
        {
            var count = socket.Receive(chunk);
            head.AddRange(chunk.AsSpan(0, count));
            if (count == 0 || head.Count > LongestHead)
            {
                Close(socket);
                return null;
            }
        }
        catch (SocketException)
        {
            Close(socket);
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
        }

        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(head);
        if (!CallbackRequest.IsComplete(bytes))
            return null;
        var request = CallbackRequest.Parse(bytes);
        bytes.Clear();
        if (request?.State is { } state && CryptographicOperations.FixedTimeEquals(state, expected))
            return request;
        request?.Dispose();
        Say(socket, 404, "This is not the login that opx waits for.");
        Close(socket);
        return null;
    }

    private void Close(Socket socket)
    {
        _open.Remove(socket);
        socket.Dispose();
    }
}
