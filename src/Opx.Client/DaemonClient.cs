using System.Text.Json;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>
/// One command's conversation with the daemon, on the calling thread. A refusal by the daemon is an <see cref="Answer{T}"/>; whatever keeps
/// us from getting an answer is a <see cref="DaemonUnreachableException"/>, and files that are not ours alone an <see cref="OpxPathException"/>.
/// </summary>
public sealed class DaemonClient : IDisposable
{
    // A daemon that stops, and the one after it that is stopped too.
    private const int MostAttempts = 3;

    private readonly OpxPaths _paths;
    private readonly uint _userId;
    private DaemonConnection? _connection;
    private Action? _start;
    private byte[] _token;

    private DaemonClient(DaemonConnection connection, OpxPaths paths, uint userId, byte[] token) =>
        (_connection, _paths, _userId, _token) = (connection, paths, userId, token);

    /// <summary>The version of the daemon that answered last; null where it did not say.</summary>
    public string? DaemonVersion { get; private set; }

    /// <summary>Finds the daemon, or starts one where that is allowed. The daemon has shown its certificate when this returns; it has not
    /// seen the token yet.</summary>
    public static DaemonClient Connect(ClientOptions options) =>
        Connect(options, options.LookInLoginSession ? options.Paths.InLoginSession(options.UserId) : null);

    internal static DaemonClient Connect(ClientOptions options, OpxPaths? loginSession)
    {
        var client = Open(options.Paths, options.UserId);
        if (client is null && loginSession is not null)
            client = Open(loginSession, options.UserId);
        if (client is null)
        {
            if (!options.MayStart)
                throw new DaemonUnreachableException($"no daemon is running (nothing listens on {Printable.Text(options.Paths.SocketPath)})", true);
            DaemonLauncher.Start(options);
            client = Open(options.Paths, options.UserId) ?? (loginSession is null ? null : Open(loginSession, options.UserId))
                ?? throw new DaemonUnreachableException(
                    $"the daemon was started and is gone again: see {Printable.Text(options.Paths.DaemonLogFile)}", false);
        }

        if (options.MayStart)
            client._start = () => DaemonLauncher.Start(options with { Paths = client._paths, LookInLoginSession = false });
        return client;
    }

    public Answer<ReadResponse> Read(ReadRequest request) =>
        Post(Routes.Read, request.Write, body => ReadResponse.Parse(body.Span));

    public Answer<ReadsResponse> Reads(ReadsRequest request) =>
        Post(Routes.Reads, request.Write, body => ReadsResponse.Parse(body.Span));

    public Answer<StatusBody> Status() => Ask("GET", Routes.Status, [], body => new StatusBody(body.ToArray()));

    public Answer<SessionResponse> Lock() => Ask("POST", Routes.SessionLock, "{}"u8.ToArray(), SessionResponse.Parse);

    public Answer<SessionResponse> Unlock() => Ask("POST", Routes.SessionUnlock, "{}"u8.ToArray(), SessionResponse.Parse);

    public Answer<InvalidateResponse> Invalidate(InvalidateRequest request) => Post(Routes.Invalidate, request.Write, InvalidateResponse.Parse);

    /// <summary>Credentials are wiped from what is sent; those in the request are the caller's to wipe.</summary>
    public Answer<LoginResponse> Login(LoginRequest request)
    {
        var body = SecretBody.Of(request.Write);
        try
        {
            return Ask("POST", Routes.Login, body, LoginResponse.Parse);
        }
        finally
        {
            SecretBytes.Wipe(body);
        }
    }

    public Answer<OidcLoginResponse> BeginLogin(OidcLoginRequest request) => Post(Routes.LoginOidc, request.Write, OidcLoginResponse.Parse);

    public Answer<LogoutResponse> Logout(LogoutRequest request) => Post(Routes.Logout, request.Write, LogoutResponse.Parse);

    public void Dispose()
    {
        HangUp();
        SecretBytes.Wipe(_token);
    }

    private static DaemonClient? Open(OpxPaths paths, uint userId)
    {
        byte[]? token = null;
        DaemonConnection? connection = null;
        DaemonClient? client = null;
        try
        {
            connection = OpenConnection(paths, userId, () => token = DaemonToken.IfThere(paths, userId));
            // The first daemon of all makes it before it greets.
            if (connection is not null)
                client = new DaemonClient(connection, paths, userId, token ?? DaemonToken.Read(paths, userId));
            return client;
        }
        finally
        {
            if (client is null)
            {
                connection?.Dispose();
                SecretBytes.Wipe(token ?? []);
            }
        }
    }

    /// <summary>A daemon that stops while we greet it is followed by another, or by none.</summary>
    private static DaemonConnection? OpenConnection(OpxPaths paths, uint userId, Action meanwhile)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return DaemonConnection.Open(paths, userId, meanwhile);
            }
            catch (DaemonStoppedException stopped)
            {
                if (attempt == MostAttempts)
                    throw new DaemonUnreachableException(stopped.Message, false);
            }
        }
    }

    private Answer<T> Post<T>(string path, Action<Utf8JsonWriter> write, Func<ReadOnlyMemory<byte>, T?> parse)
        where T : class => Ask("POST", path, ProtocolJson.RequestBytes(write), parse);

    private Answer<T> Ask<T>(string method, string path, byte[] body, Func<ReadOnlyMemory<byte>, T?> parse)
        where T : class
    {
        var response = Exchange(method, path, body);
        if (response.Status == 401 && TakeNewToken())
        {
            response.Dispose();
            response = Exchange(method, path, body);
        }

        using (response)
            return AnswerReader.Read(response, parse);
    }

    /// <summary>Reads the token anew, for a daemon that wrote another since we looked; false where it is the same, which is not worth asking
    /// again with: failed attempts are counted.</summary>
    private bool TakeNewToken()
    {
        var token = DaemonToken.Read(_paths, _userId);
        if (token.AsSpan().SequenceEqual(_token))
            return false;
        SecretBytes.Wipe(_token);
        _token = token;
        return true;
    }

    /// <summary>Asks, and asks the successor of a daemon that stops: a restart loses no request.</summary>
    private HttpResponse Exchange(string method, string path, byte[] body)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ExchangeOnce(method, path, body);
            }
            catch (DaemonStoppedException stopped)
            {
                HangUp();
                if (attempt == MostAttempts)
                    throw new DaemonUnreachableException(stopped.Message, false);
            }
        }
    }

    private DaemonConnection Reconnect()
    {
        var connection = OpenConnection(_paths, _userId, () => { });
        if (connection is null && _start is not null)
        {
            _start();
            connection = OpenConnection(_paths, _userId, () => { });
        }

        // What it wrote for itself is another's now.
        TakeNewToken();
        return connection ?? throw new DaemonUnreachableException("the daemon has stopped: try again", false);
    }

    private HttpResponse ExchangeOnce(string method, string path, byte[] body)
    {
        _connection ??= Reconnect();
        var request = HttpRequest.Bytes(method, path, _token, body);
        try
        {
            var response = _connection.Exchange(request);
            if (response.Server is { } server && server.StartsWith(Routes.ServerName + "/", StringComparison.Ordinal))
                DaemonVersion = server[(Routes.ServerName.Length + 1)..];
            if (!response.KeepsConnection)
                HangUp();
            return response;
        }
        catch (IOException lost) when (lost is not DaemonStoppedException)
        {
            HangUp();
            throw new DaemonUnreachableException("the daemon closed the connection before it had answered: try again", false);
        }
        catch (InvalidDataException malformed)
        {
            HangUp();
            throw new DaemonUnreachableException($"the daemon's answer cannot be read: {malformed.Message}", false);
        }
        finally
        {
            SecretBytes.Wipe(request);
        }
    }

    private void HangUp()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
