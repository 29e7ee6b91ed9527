using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Opx.Daemon.Identity;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Identity;

/// <summary>Who is at the other end of a real socket. Another user is one whom the daemon does not run as: no second user is needed.</summary>
public sealed class PeerIdentificationTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly LookupThreads _threads = new();

    public PeerIdentificationTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_home.In("s")));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _threads.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_same_user_passes_and_is_known_to_every_request_on_the_connection()
    {
        using var client = RawClient.ConnectSocket(_home.In("s"));
        using var server = _listener.Accept();
        var connection = Connection(server);
        Peer? seen = null;

        await Stage(ProcessIdentity.EffectiveUserId()).InvokeAsync(connection, next =>
        {
            seen = next.Features.Get<Peer>();
            return Task.CompletedTask;
        });

        Assert.Equal((Environment.ProcessId, ProcessIdentity.EffectiveUserId()), (seen!.ProcessId, seen.UserId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_user_and_one_the_kernel_does_not_name_get_no_further(bool gone)
    {
        using var client = RawClient.ConnectSocket(_home.In("s"));
        var server = _listener.Accept();
        if (gone)
            server.Dispose();
        var connection = Connection(server);

        await Stage(ProcessIdentity.EffectiveUserId() + (gone ? 0u : 1u))
            .InvokeAsync(connection, _ => throw new InvalidOperationException("let in"));

        Assert.True(connection.Aborted);
        server.Dispose();
    }

    [Fact]
    public async Task Who_connected_is_known_by_its_program_and_its_ancestors()
    {
        using var client = RawClient.ConnectSocket(_home.In("s"));
        using var server = _listener.Accept();
        IdentifiedProcess? who = null;
        await Stage(ProcessIdentity.EffectiveUserId(), IdentityNeeds.Program).InvokeAsync(Connection(server), async next =>
            who = (await next.Features.Get<Peer>()!.Identity!.CurrentAsync(IdentityNeeds.Ancestors | IdentityNeeds.Script)).Process);

        Assert.Equal((Environment.ProcessId, RealPath.Of(Environment.ProcessPath!)), (who!.Caller.ProcessId, who.Caller.Path));
        Assert.NotEmpty(who.Caller.Parents);
    }

    [Fact]
    public async Task After_the_connection_nobody_is_known()
    {
        using var client = RawClient.ConnectSocket(_home.In("s"));
        using var server = _listener.Accept();
        Peer? seen = null;
        await Stage(ProcessIdentity.EffectiveUserId(), IdentityNeeds.Program).InvokeAsync(Connection(server), next =>
        {
            seen = next.Features.Get<Peer>();
            return Task.CompletedTask;
        });

        Assert.Contains("has ended", (await seen!.Identity!.CurrentAsync(IdentityNeeds.Program)).Fault);
    }

    private PeerIdentification Stage(uint owner, IdentityNeeds needs = IdentityNeeds.None) => new(
        owner,
        new CallerLookup(new LinuxProcesses(), new TrustedClients([]), new ContentHashes(_threads), new KnownPrograms(), _threads, TimeProvider.System),
        () => needs);

    private static TestConnection Connection(Socket socket)
    {
        var connection = new TestConnection();
        connection.Features.Set<IConnectionSocketFeature>(new SocketFeature(socket));
        return connection;
    }

    private sealed class SocketFeature(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket { get; } = socket;
    }

    private sealed class TestConnection : DefaultConnectionContext
    {
        public bool Aborted { get; private set; }

        public override IDuplexPipe Transport { get; set; } = null!;

        public override void Abort(ConnectionAbortedException abortReason) => Aborted = true;
    }
}
