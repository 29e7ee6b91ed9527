using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>The worker's life. It holds what HTTP and TLS leave behind, so that it has to end, and in time.</summary>
[Collection(RealProcesses.Name)]
public sealed class WorkerTests : IDisposable
{
    private static readonly ServerTrust Trust = new(null, null, null, UsesProxy: false);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualClock _clock = new();
    private readonly RawServer _server;
    private readonly RawServer _silent = new(_ => null);
    private readonly WorkerExchange _exchange;

    public WorkerTests()
    {
        _server = new RawServer(_ => RawServer.Ok("{}"));
        _exchange = new WorkerExchange(ExchangeTests.Program, Trust, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _exchange.Dispose();
        _server.Dispose();
        _silent.Dispose();
    }

    [Fact]
    public async Task One_worker_serves_one_request_after_another_over_one_connection()
    {
        await SendAsync();
        var first = _exchange.Current!.ProcessId;
        await SendAsync();

        Assert.Equal((first, 1, 2), (_exchange.Current!.ProcessId, _server.Connections, _server.Requests.Count));
    }

    [Fact]
    public async Task A_worker_without_work_ends_after_a_second()
    {
        await SendAsync();
        var worker = _exchange.Current!;

        _clock.Advance(WorkerExchange.IdleTime - TimeSpan.FromMilliseconds(1));
        Assert.Same(worker, _exchange.Current);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(_exchange.Current);
        await GoneAsync(worker);
        await SendAsync();
        Assert.NotSame(worker, _exchange.Current);
    }

    [Fact]
    public async Task A_worker_is_not_idle_while_somebody_waits()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = await WaitingAsync(cancellation.Token);
        var worker = _exchange.Current!;

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(worker.Ended.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _clock.Advance(WorkerExchange.IdleTime);

        await GoneAsync(worker);
    }

    [Fact]
    public async Task A_worker_that_is_always_busy_is_replaced_and_finishes_what_it_has()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = await WaitingAsync(cancellation.Token);
        var first = _exchange.Current!;
        _clock.Advance(WorkerExchange.LongestLife);

        Assert.Equal(ExchangeFault.None, await SendAsync());
        Assert.NotSame(first, _exchange.Current);
        Assert.False(waiting.IsCompleted || first.Ended.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await GoneAsync(first);
    }

    [Fact]
    public async Task An_end_kills_the_worker_and_tells_those_who_wait()
    {
        var waiting = await WaitingAsync(Cancellation);
        var worker = _exchange.Current!;

        _exchange.End();

        Assert.Equal(ExchangeFault.WorkerLost, await waiting.WaitAsync(Patience, Cancellation));
        await GoneAsync(worker);
        Assert.Equal(ExchangeFault.None, await SendAsync());
    }

    [Fact]
    public async Task A_retirement_lets_those_who_wait_have_their_answer()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = await WaitingAsync(cancellation.Token);
        var worker = _exchange.Current!;

        _exchange.Retire();
        await SendAsync();
        Assert.NotSame(worker, _exchange.Current);
        Assert.False(waiting.IsCompleted || worker.Ended.IsCompleted);
        await cancellation.CancelAsync();

        await GoneAsync(worker);
    }

    [Fact]
    public async Task A_worker_that_is_killed_from_outside_is_replaced()
    {
        var waiting = await WaitingAsync(Cancellation);
        var worker = _exchange.Current!;

        using (var process = System.Diagnostics.Process.GetProcessById(worker.ProcessId))
            process.Kill();

        Assert.Equal(ExchangeFault.WorkerLost, await waiting.WaitAsync(Patience, Cancellation));
        Assert.Equal(ExchangeFault.None, await SendAsync());
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_a_fault_of_its_own()
    {
        using var exchange = new WorkerExchange(new WorkerProgram("/nonexistent/opx-authd", []), Trust, _clock);

        using var answer = await exchange.SendAsync(new VaultRequest("GET", _server.Url), Cancellation).WaitAsync(Patience, Cancellation);

        Assert.Equal(ExchangeFault.WorkerLost, answer.Fault);
    }

    [Fact]
    public async Task No_list_of_processes_shows_a_token_and_no_file_of_the_kernel_opens_its_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        await SendAsync("hvs.canary-5521");
        var process = $"/proc/{_exchange.Current!.ProcessId}";

        Assert.EndsWith("opx-authd\0vault-exchange\0", File.ReadAllText($"{process}/cmdline"));
        Assert.DoesNotContain("canary-5521", File.ReadAllText($"{process}/environ"));
        Assert.Matches(@"Max core file size\s+0\s", File.ReadAllText($"{process}/limits"));
        Assert.Contains("Umask:\t0077", File.ReadAllText($"{process}/status"));
        // A process that is not dumpable belongs to root in /proc; as root, that shows nothing.
        if (Opx.Protocol.Interop.ProcessIdentity.EffectiveUserId() != 0)
            Assert.Throws<UnauthorizedAccessException>(() => File.OpenRead($"{process}/mem"));
    }

    [Fact]
    public void A_worker_gets_what_tls_and_proxies_need_and_nothing_else()
    {
        var environment = WorkerProgram.EnvironmentOf(new Dictionary<string, string>
        {
            ["VAULT_TOKEN"] = "canary",
            ["OP_SERVICE_ACCOUNT_TOKEN"] = "canary",
            ["PATH"] = "/bin",
            ["https_proxy"] = "http://proxy",
            ["SSL_CERT_FILE"] = "/mine",
        });
        var program = new WorkerProgram("/bin/true", environment);

        Assert.Equal(["https_proxy=http://proxy", "SSL_CERT_FILE=/mine"], Variables(program.For(Trust)));
        Assert.Equal(
            ["https_proxy=http://proxy", "SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/dev/null"], Variables(program.For(Trust with { CaPath = "/ca" })));

        static IEnumerable<string> Variables(WorkerProgram program) => program.Environment.Select(variable => $"{variable.Key}={variable.Value}");
    }

    private async Task<ExchangeFault> SendAsync(string token = "t")
    {
        using var value = SecretValue.CopyOf(System.Text.Encoding.UTF8.GetBytes(token));
        using var answer = await _exchange.SendAsync(new VaultRequest("GET", _server.Url) { Token = value }, Cancellation);
        return answer.Fault;
    }

    /// <summary>A request that has reached a server which says nothing.</summary>
    private async Task<Task<ExchangeFault>> WaitingAsync(CancellationToken cancellation)
    {
        var sending = FaultAsync(cancellation);
        while (_silent.Requests.IsEmpty)
            await Task.Yield();
        return sending;
    }

    private async Task<ExchangeFault> FaultAsync(CancellationToken cancellation)
    {
        using var answer = await _exchange.SendAsync(new VaultRequest("GET", _silent.Url), cancellation);
        return answer.Fault;
    }

    private static async Task GoneAsync(WorkerProcess worker)
    {
        await worker.Ended.WaitAsync(Patience, TimeProvider.System, Cancellation);
        Assert.False(Directory.Exists($"/proc/{worker.ProcessId}"));
    }
}
