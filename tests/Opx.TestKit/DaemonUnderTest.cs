using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon;
using Opx.Daemon.Access;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Fake;
using Opx.Daemon.Identity;
using Opx.Daemon.Listening;
using Opx.Daemon.Options;
using Opx.Protocol;

namespace Opx.TestKit;

/// <summary>The whole daemon in this process: real Kestrel, real socket, real TLS, in a home of its own and on a clock that stands still.</summary>
internal sealed class DaemonUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _log = new();
    private readonly TextWriter _output;
    private readonly bool _ownsHome;

    private DaemonUnderTest(TemporaryHome? home, ManualClock? clock)
    {
        _ownsHome = home is null;
        Home = home ?? new TemporaryHome();
        Clock = clock ?? new ManualClock();
        _output = TextWriter.Synchronized(_log);
    }

    public TemporaryHome Home { get; }

    public ManualClock Clock { get; }

    public OpxPaths Paths { get; private set; } = null!;

    public string Token { get; private set; } = "";

    /// <summary>What the daemon wrote on standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_output)
                return _log.ToString();
        }
    }

    /// <summary>What whoever waits at the pipe was told.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>The exit code, once the daemon has ended.</summary>
    public Task<int> Exit { get; private set; } = null!;

    /// <summary>Starts a daemon and returns when it says that it listens, or that another one does.</summary>
    /// <param name="home">A home to share; it is then not removed at the end.</param>
    /// <param name="backend">What every reference is read from; null for the fake backend.</param>
    public static async Task<DaemonUnderTest> StartAsync(
        ISecretBackend? backend = null,
        Func<DaemonOptions, DaemonOptions>? options = null,
        IAccessGate? access = null,
        TemporaryHome? home = null,
        ManualClock? clock = null,
        IReadOnlyDictionary<BackendKind, ISecretBackend>? backends = null,
        string? notifySocket = null,
        IProcessTable? processes = null,
        Func<TransportParts, ITransport>? transport = null)
    {
        var daemon = new DaemonUnderTest(home, clock);
        try
        {
            await daemon.RunAsync(options ?? (given => given), (kind, clock) => backends ?? Only(kind, backend ?? new FakeBackend(clock)), access, notifySocket, processes, transport);
            return daemon;
        }
        catch
        {
            daemon.DisposeOwn();
            throw;
        }
    }

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Paths);

    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawResponse> SendAsync(string method, string path, string? body = null, params string[] headers)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(RawClient.Request(method, path, Token, body, headers));
        return await client.ReceiveAsync();
    }

    public Task<RawResponse> PostAsync(string path, string body) => SendAsync("POST", path, body);

    public Task<RawResponse> ReadAsync(string reference, bool fresh = false, string? account = null) =>
        PostAsync(Routes.Read, System.Text.Encoding.UTF8.GetString(ProtocolJson.Bytes(new ReadRequest(reference, account, fresh).Write)));

    public Task<RawResponse> StatusAsync() => SendAsync("GET", Routes.Status);

    /// <summary>Asks for the status until it is as expected: what the daemon does next to the test is seen there, and nowhere else.</summary>
    public async Task UntilAsync(string member, string value)
    {
        await using var client = await ConnectAsync();
        var started = TimeProvider.System.GetTimestamp();
        string? found = null;
        while (TimeProvider.System.GetElapsedTime(started) < RawClient.Patience)
        {
            await client.SendAsync(RawClient.Request("GET", Routes.Status, Token, null));
            found = (await client.ReceiveAsync())[member];
            if (found == value)
                return;
        }

        throw new TimeoutException($"{member} is {found} and not {value}");
    }

    /// <summary>As SIGTERM does.</summary>
    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await Exit.WaitAsync(RawClient.Patience, TimeProvider.System);
        DisposeOwn();
    }

    private static Dictionary<BackendKind, ISecretBackend> Only(BackendKind kind, ISecretBackend backend) => new() { [kind] = backend };

    private async Task RunAsync(
        Func<DaemonOptions, DaemonOptions> configure,
        Func<BackendKind, TimeProvider, IReadOnlyDictionary<BackendKind, ISecretBackend>> backends,
        IAccessGate? access,
        string? notifySocket,
        IProcessTable? processes,
        Func<TransportParts, ITransport>? transport)
    {
        var options = configure(new DaemonOptions { Paths = Home.Paths, Backend = BackendKind.Fake });
        Paths = options.Paths;
        var parts = new DaemonParts(Clock, _output, Home.Environment.GetValueOrDefault, () => backends(options.Backend, Clock));
        if (access is not null)
            parts = parts with { Access = access };
        if (processes is not null)
            parts = parts with { Processes = processes };
        if (transport is not null)
            parts = parts with { Transport = transport };
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var ready = new ReadySignal(WriteEnd(pipe), notifySocket);
        Exit = Task.Run(() => DaemonHost.RunAsync(options, parts, ready, _stop.Token));
        using var reader = new StreamReader(pipe);
        // Without a word the pipe is closed with the last descriptor, or stays open with a daemon that never opened it: then Exit says why.
        var line = reader.ReadLineAsync();
        if (await Task.WhenAny(line, Exit).WaitAsync(RawClient.Patience, TimeProvider.System) == Exit || await line is null)
            await Exit;
        ReadyLine = await line ?? "";
        Token = await File.ReadAllTextAsync(Paths.TokenFile);
    }

    private static SafeFileHandle WriteEnd(AnonymousPipeServerStream pipe)
    {
        var handle = new SafeFileHandle(pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: true);
        pipe.ClientSafePipeHandle.SetHandleAsInvalid();
        return handle;
    }

    private void DisposeOwn()
    {
        if (_ownsHome)
            Home.Dispose();
        _stop.Dispose();
    }
}
