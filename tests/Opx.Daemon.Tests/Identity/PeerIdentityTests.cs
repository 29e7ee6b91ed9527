using System.Net.Sockets;
using Opx.Daemon.Identity;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Identity;

public sealed class PeerIdentityTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly LookupThreads _threads = new();
    private readonly ProcessesInATest _processes = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ProcessesInATest.Made _process;
    private readonly PeerIdentity _peer;
    private readonly string _first;

    public PeerIdentityTests()
    {
        _first = Program("first");
        _process = _processes.Add(20, 1, _first);
        var lookup = new CallerLookup(
            _processes, new TrustedClients([]), new ContentHashes(_threads), new KnownPrograms(), _threads, new ManualClock());
        _peer = new PeerIdentity(new Peer(20, 1000, 1000), _socket.SafeHandle, lookup);
    }

    public void Dispose()
    {
        _peer.Dispose();
        _socket.Dispose();
        _threads.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_peer_that_executes_another_program_is_nobody_to_a_policy()
    {
        const IdentityNeeds policy = IdentityNeeds.Program | IdentityNeeds.Still;
        Assert.Equal(_first, (await _peer.CurrentAsync(policy)).Process!.Caller.Path);
        _process.Path = Program("second");
        Assert.Contains("another program", (await _peer.CurrentAsync(policy)).Fault);
    }

    [Fact]
    public async Task The_log_without_a_policy_records_the_program_that_connected()
    {
        Assert.Equal(_first, (await _peer.CurrentAsync(IdentityNeeds.Program)).Process!.Caller.Path);
        _process.Path = Program("second");
        Assert.Equal(_first, (await _peer.CurrentAsync(IdentityNeeds.Program)).Process!.Caller.Path);
    }

    [Fact]
    public async Task A_policy_that_comes_later_finds_out_what_became_of_the_peer_before_it()
    {
        await _peer.CurrentAsync(IdentityNeeds.Program);
        _process.Path = Program("second");
        Assert.Contains("another program", (await _peer.CurrentAsync(IdentityNeeds.Program | IdentityNeeds.Still)).Fault);
    }

    [Fact]
    public async Task After_its_end_a_connection_is_nobodys()
    {
        _peer.Begin(IdentityNeeds.Program);
        _peer.Dispose();
        Assert.Contains("has ended", (await _peer.CurrentAsync(IdentityNeeds.Program)).Fault);
    }

    private string Program(string name)
    {
        File.WriteAllText(_home.In(name), "#!" + name);
        return _home.In(name);
    }
}
