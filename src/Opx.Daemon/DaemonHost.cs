using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Opx.Daemon.Access;
using Opx.Daemon.Audit;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Endpoints;
using Opx.Daemon.Identity;
using Opx.Daemon.Interop;
using Opx.Daemon.Listening;
using Opx.Daemon.Options;
using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Daemon.Sessions;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Daemon;

/// <summary>The composition root: everything is made here, handed what it needs, and taken down in the opposite order.</summary>
internal static class DaemonHost
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(4.5);

    /// <summary>Serves until told to stop.</summary>
    /// <returns>The exit code: 0 after a clean stop, and where another daemon serves this socket already.</returns>
    public static async Task<int> RunAsync(DaemonOptions options, DaemonParts parts, ReadySignal ready, CancellationToken stop)
    {
        using var fileSize = FileSizeSignal.Take();
        var owner = ProcessIdentity.EffectiveUserId();
        RuntimeDirectory.Prepare(options.Paths, owner);
        using var instance = await InstanceLock.TryTakeAsync(
            options.Paths, owner, parts.Clock, ListeningSocket.IsActivated(parts.Environment));
        if (instance is null)
        {
            parts.Log.WriteLine($"opx-authd: one is running already on {Printable.Text(options.Paths.SocketPath)}");
            ready.Ready();
            return 0;
        }

        // Before the socket: whoever finds it finds the certificate and the token that go with it.
        using var certificate = new ServerCertificate(options.Paths, owner, parts.Clock);
        using var audited = await AuditedDaemon.BeginAsync(options, owner, parts.Clock, parts.Log);
        await using var token = new TokenCheck(TokenFile.LoadOrCreate(options.Paths.TokenFile, owner), options.Paths.TokenFile, audited.Log);
        var socket = ListeningSocket.FromActivation(parts.Environment, options.Paths.SocketPath)
            ?? ListeningSocket.Bind(options.Paths.SocketPath, owner);
        try
        {
            await ServeAsync(options, parts, socket, certificate, token, audited, owner, ready, stop);
        }
        finally
        {
            socket.RemoveOurs();
        }

        return 0;
    }

    private static async Task ServeAsync(
        DaemonOptions options,
        DaemonParts parts,
        ListeningSocket socket,
        ServerCertificate certificate,
        TokenCheck token,
        AuditedDaemon audited,
        uint owner,
        ReadySignal ready,
        CancellationToken stop)
    {
        var clock = parts.Clock;
        using var memory = new ClearingMemoryPool();
        using var quiet = QuietCollection.Begin(clock);
        using var late = new CancellationTokenSource();
        using var transport = parts.Transport(new TransportParts(socket.Socket, certificate, memory, clock, late.Token));
        var connections = new ConnectionTable(ConnectionTable.Affordable(options.Limits.Connections, ProcessLimits.OpenFiles()), clock);
        using var cache = new SecretCache(options.Limits.CacheBytes, clock, options.StaleWhileRevalidate);
        using var session = new Session(options.EnableSessionLock ? options.SessionIdleTimeout : TimeSpan.Zero, clock);
        var flights = new SingleFlight(cache, clock);
        session.IsReading = () => flights.Count > 0;
        session.Locked += reason => flights.Close(SessionGate.Refusal(reason), abandon: reason != LockReason.Backend);
        session.Locked += _ => connections.CutOffValues();
        using var disk = DiskCacheChoice.Begin(options, owner, cache, parts.Log, clock);
        if (disk is not null)
            session.Locked += _ => disk.Locked();
        session.Unlocked += flights.Open;
        var work = new LockableWork(session);
        audited.Follow(session);
        var router = new BackendRouter(options.Backend, parts.Backends());
        using var log = new StandardErrorLog(parts.Log, options.Verbose, clock);
        var policy = PolicyLog.Follow(new PolicyInForce(options.PolicyFile, owner), log.CreateLogger(typeof(PolicyLog).FullName!));
        audited.Follow(policy);
        var access = parts.Access ?? new PolicyGate(policy, audited.Needs, clock);
        using var lookups = new LookupThreads();
        var callers = new CallerLookup(
            parts.Processes,
            TrustedClients.Beside(Environment.ProcessPath, options.TrustedClients),
            new ContentHashes(lookups),
            new KnownPrograms(),
            lookups,
            clock);
        await using var reader = new SecretReader(access, audited.Log, session, router, cache, flights, options, clock);
        await using var vaults = AttachedVaults.Attach(router, reader, flights, session, options, clock);

        await using var desktop = options.LockWithDesktop
            ? new DesktopWatch(DesktopSignals.OfThisSystem(owner), parts.Environment, () => session.Lock(LockReason.Desktop), parts.Log, clock)
            : null;
        await using var standing = StandingLock.Follow(session, options.Paths.LockedFile, parts.Log);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(log);
        // Whoever listens to this category gets an activity for every request: a twentieth of a cached read. Its lines are none that we show.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<System.Diagnostics.DiagnosticSource>(new UnreadableRequests());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.WebHost.UseKestrelCore();
        transport.Carry(builder.WebHost, log.CreateLogger(typeof(ITransport).FullName!));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.BodyBytes;
            kestrel.Limits.RequestHeadersTimeout = options.Limits.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = options.Limits.IdleTimeout;
            kestrel.Listen(new UnixDomainSocketEndPoint(options.Paths.SocketPath), listen => listen.UseConnectionStages(
                connections, new PeerIdentification(owner, callers, () => access.Needs), memory, transport));
        });

        await using var app = builder.Build();
        app.UseRequestStages(new RequestFailures(app.Services.GetRequiredService<ILogger<RequestFailures>>()), token);
        app.MapRoutes(
            new ReadEndpoints(reader, session, clock),
            new StatusEndpoint(options, router, reader, cache, disk, desktop, flights, session, policy, clock),
            new SessionEndpoints(session, standing, disk, router, connections, work, audited.Log, clock),
            new InvalidateEndpoint(flights, audited.Log, clock),
            new LoginEndpoints(new VaultLogins(router, flights, clock), reader, session, work, audited.Log, clock));

        await app.StartAsync(CancellationToken.None);
        ready.Ready();
        // By the system's clock whatever ours is: what is looked at is the file system's.
        if (await socket.LostAsync(TimeProvider.System, stop))
            parts.Log.WriteLine($"opx-authd: {Printable.Text(options.Paths.SocketPath)} was removed or replaced, and nobody finds this daemon any more: it stops");
        ready.Stopping();
        // New clients find no socket and start another daemon, which waits for our lock; those we have are answered.
        socket.RemoveOurs();
        await using (clock.CreateTimer(_ => TellWhoWaits(), null, FarewellTime, Timeout.InfiniteTimeSpan))
            await app.StopAsync(CancellationToken.None);
        disk?.Leave();
        session.Lock(LockReason.Stop);

        // Where another daemon comes, clients are sent to it; where none does, their reads have failed.
        void TellWhoWaits()
        {
            if (ListeningSocket.IsActivated(parts.Environment) || DirectoryLock.IsTaken(options.Paths.DataDirectory))
                late.Cancel();
        }
    }
}
