using Opx.Daemon.Identity;
using Opx.Daemon.Interop;
using Opx.Policy;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Identity;

public sealed class CallerLookupTests : IDisposable
{
    private const IdentityNeeds All = IdentityNeeds.Program | IdentityNeeds.Ancestors | IdentityNeeds.Script;

    private readonly TemporaryHome _home = new();
    private readonly ManualClock _clock = new();
    private readonly LookupThreads _threads = new();
    private readonly ProcessesInATest _processes = new();
    private readonly CallerLookup _lookup;
    private readonly string _opx;
    private readonly string _tool;
    private readonly string _shell;

    public CallerLookupTests()
    {
        (_opx, _tool, _shell) = (Program("opx"), Program("tool"), Program("bash"));
        _lookup = new CallerLookup(
            _processes, new TrustedClients([_opx]), new ContentHashes(_threads), new KnownPrograms(), _threads, _clock);
        _processes.Add(1, 0, null, started: 1).UserId = 0;
        _processes.Add(10, 1, _shell);
        _processes.Add(20, 10, _tool);
        _processes.Add(30, 20, _opx);
    }

    public void Dispose()
    {
        _threads.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Who_asks_itself_is_the_caller()
    {
        var who = await IdentifyAsync(20);
        Assert.Equal((20, _tool, null), (who.Process!.Caller.ProcessId, who.Process.Caller.Path, who.Process.Via));
    }

    [Fact]
    public async Task Who_asks_through_opx_is_the_caller()
    {
        var who = await IdentifyAsync(30);
        Assert.Equal((20, _tool, _opx), (who.Process!.Caller.ProcessId, who.Process.Caller.Path, who.Process.Via));
    }

    [Fact]
    public async Task An_opx_that_opx_started_is_looked_through_as_well()
    {
        _processes.Add(40, 30, _opx);
        Assert.Equal(_tool, (await IdentifyAsync(40)).Process!.Caller.Path);
    }

    [Fact]
    public async Task A_copy_of_opx_speaks_for_itself()
    {
        var copy = _home.In("elsewhere");
        File.Copy(_opx, copy);
        _processes.Add(30, 20, copy);
        Assert.Equal(copy, (await IdentifyAsync(30)).Process!.Caller.Path);
    }

    [Fact]
    public async Task Ancestors_are_read_to_the_top_only_where_a_rule_asks()
    {
        Assert.Empty((await IdentifyAsync(30, IdentityNeeds.Program)).Process!.Caller.Parents);
        Assert.Equal([_shell], (await IdentifyAsync(30, IdentityNeeds.Ancestors)).Process!.Caller.Parents);
    }

    [Fact]
    public async Task An_ancestor_that_cannot_be_read_is_said_to_be_unreadable_unless_it_is_another_users()
    {
        _processes.Add(10, 5, _shell);
        _processes.Add(5, 1, null);
        Assert.Equal([_shell, Caller.Unreadable], (await IdentifyAsync(30, IdentityNeeds.Ancestors)).Process!.Caller.Parents);
    }

    [Fact]
    public async Task A_caller_that_cannot_be_read_is_nobody()
    {
        _processes.Add(20, 10, null);
        Assert.Contains("cannot be read", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task A_parent_that_started_after_its_child_is_another_process_under_its_number()
    {
        _processes.Add(20, 10, _tool, started: 101);
        Assert.Contains("gone to another", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task A_parent_that_ends_while_it_is_looked_at_leaves_nobody()
    {
        var opx = _processes.Add(30, 20, _opx);
        _processes.BeforeFind = id => opx.Parent = id == 20 ? 1 : opx.Parent;
        Assert.Contains("changed while", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task A_parent_that_is_not_to_be_seen_leaves_nobody()
    {
        _processes.Remove(20);
        Assert.Contains("not to be seen", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task After_its_parent_has_gone_the_next_one_up_is_the_caller()
    {
        _processes.Add(30, 10, _opx);
        Assert.Equal(_shell, (await IdentifyAsync(30)).Process!.Caller.Path);
    }

    [Fact]
    public async Task A_program_whose_path_is_another_file_by_now_is_nobody()
    {
        File.Delete(_tool);
        Assert.Contains("not the file at its path", (await IdentifyAsync(20)).Fault);
    }

    [Fact]
    public async Task A_link_to_a_program_made_meanwhile_changes_nothing()
    {
        ((ProcessesInATest.Made)_processes.Find(20)!).Seen = FileStamp.Of(_tool)!.Value with { Changed = 1 };
        Assert.Equal(_tool, (await IdentifyAsync(20)).Process!.Caller.Path);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public async Task Neither_a_client_nor_a_caller_under_a_debugger_is_anybody(int id)
    {
        ((ProcessesInATest.Made)_processes.Find(id)!).Traced = true;
        Assert.Equal($"process {id} runs under a debugger", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task An_interpreters_script_is_resolved_and_must_be_a_file()
    {
        var script = Program("script.sh");
        File.CreateSymbolicLink(_home.In("link.sh"), script);
        var shell = _processes.Add(20, 10, _shell);
        shell.Words = ["bash", _home.In("link.sh")];
        Assert.Equal(script, (await IdentifyAsync(30)).Process!.Caller.Script);
        shell.Words = ["bash", _home.Path];
        Assert.Null((await IdentifyAsync(30)).Process!.Caller.Script);
        shell.Words = ["bash", _home.In("none")];
        Assert.Null((await IdentifyAsync(30)).Process!.Caller.Script);
    }

    [Fact]
    public async Task A_program_that_becomes_another_while_its_arguments_are_read_is_nobody()
    {
        var shell = _processes.Add(20, 10, _shell);
        shell.Words = ["bash", Program("script.sh")];
        shell.BeforeArguments = () => shell.Path = _tool;
        Assert.Contains("became another program", (await IdentifyAsync(30)).Fault);
    }

    [Fact]
    public async Task Arguments_are_read_only_where_a_rule_asks_for_a_script()
    {
        var shell = _processes.Add(20, 10, _shell);
        shell.BeforeArguments = () => Assert.Fail("nobody asked");
        Assert.Equal(_shell, (await IdentifyAsync(30, IdentityNeeds.Program)).Process!.Caller.Path);
    }

    [Fact]
    public async Task A_look_that_blocks_ends_in_nobody_and_holds_nobody_else_up()
    {
        using var blocked = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var shell = _processes.Add(20, 10, _shell);
        shell.Words = ["bash"];
        shell.BeforeArguments = () =>
        {
            begun.SetResult();
            blocked.Wait();
        };
        await IdentifyAsync(10, IdentityNeeds.Program);

        var stuck = IdentifyAsync(30);
        await begun.Task;
        Assert.False(stuck.IsCompleted);
        Assert.True(IdentifyAsync(10, IdentityNeeds.Program).IsCompleted, "who is known is identified on the spot");
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Contains("took too long", (await stuck).Fault);
        blocked.Release();
    }

    [Fact]
    public async Task What_was_held_on_the_way_is_let_go_of()
    {
        var (shell, tool) = (_processes.Add(10, 1, _shell), _processes.Add(20, 10, _tool));
        var who = await IdentifyAsync(30);
        Assert.Equal((1, 0), (shell.Disposed, tool.Disposed));
        who.Process!.Content.Release(unless: null);
        Assert.Equal(1, tool.Disposed);
    }

    [Fact]
    public async Task The_content_is_hashed_when_asked_and_once()
    {
        var content = (await IdentifyAsync(30)).Process!.Content;
        Assert.Null(content.Known);
        await content.EstablishAsync();
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("content of tool"u8)), content.Known);

        File.AppendAllText(_tool, "changed");
        Assert.Null(content.Known);
    }

    private Task<Identification> IdentifyAsync(int processId, IdentityNeeds needs = All) =>
        _lookup.IdentifyAsync(new Peer(processId, 1000, 1000), _processes.Find(processId)!, needs);

    private string Program(string name) => _home.Write(name, System.Text.Encoding.UTF8.GetBytes($"content of {name}"));
}
