using System.Text;
using Opx.Daemon.Access;
using Opx.Daemon.Identity;
using Opx.Daemon.Listening.Polling;
using Opx.Daemon.Tests.Listening;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Access;

public sealed class PolicyInForceTests : IDisposable
{
    private const IdentityNeeds Each = IdentityNeeds.Program | IdentityNeeds.Still;
    private const string One = """{"allow":[{"refs":["op://a/b/c"]}]}""";
    private const string Two = """{"allow":[{"refs":["op://a/b/c"]},{"refs":["op://a/b/d"]}]}""";

    private readonly TemporaryHome _home = new();

    private string PolicyFile => _home.In("conf/policy.json");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Without_a_file_and_without_its_folder_there_is_no_policy_until_they_appear()
    {
        var policy = Watch();
        Assert.False(policy.Last.Exists);
        _home.MakeDirectory("conf");
        Assert.False((await policy.CurrentAsync()).Exists);
        Write(One);
        Assert.Equal(1, (await policy.CurrentAsync()).RuleCount);
        Directory.Delete(_home.In("conf"), recursive: true);
        Assert.False((await policy.CurrentAsync()).Exists);
    }

    [Fact]
    public async Task Every_way_of_changing_the_file_counts_at_once()
    {
        Write(One);
        var policy = Watch();
        // In place, of the same length, and again and again: no clock of a file system is as fine as that.
        for (var i = 0; i < 300; i++)
        {
            var wanted = (char)('a' + (i % 26));
            File.WriteAllText(PolicyFile, One.Replace("/c", $"/{wanted}", StringComparison.Ordinal));
            Assert.Equal($"op://a/b/{wanted}", (await policy.CurrentAsync()).Policy!.Document.Allow[0].Refs[0]);
        }

        var beside = _home.Write("conf/new", Encoding.UTF8.GetBytes(Two));
        File.Move(beside, PolicyFile, overwrite: true);
        Assert.Equal(2, (await policy.CurrentAsync()).RuleCount);
        File.Move(PolicyFile, _home.In("conf/policy.json~"));
        Assert.False((await policy.CurrentAsync()).Exists);
        Write(One);
        Assert.Equal(1, (await policy.CurrentAsync()).RuleCount);
    }

    [Fact]
    public async Task What_is_not_a_policy_is_a_fault_that_says_where()
    {
        Write(One);
        var policy = Watch();
        Write("");
        Assert.Contains(PolicyFile, (await policy.CurrentAsync()).Fault!.ToString());
        Write("{\n  \"allow\": [],\n  \"alow\": []\n}");
        Assert.StartsWith($"{PolicyFile}:3: ", (await policy.CurrentAsync()).Fault!.ToString());
        File.Delete(PolicyFile);
        File.CreateSymbolicLink(PolicyFile, "/nowhere");
        Assert.Contains("symbolic link", (await policy.CurrentAsync()).Fault!.Reason);
        File.Delete(PolicyFile);
        Directory.CreateDirectory(PolicyFile);
        Assert.NotNull((await policy.CurrentAsync()).Fault);
    }

    [Fact]
    public async Task The_modes_of_the_file_and_of_its_folder_count()
    {
        Write(One);
        var policy = Watch();
        File.SetUnixFileMode(PolicyFile, (UnixFileMode)0x1B6);
        Assert.Contains("written by others", (await policy.CurrentAsync()).Fault!.Reason);
        File.SetUnixFileMode(PolicyFile, (UnixFileMode)0x180);
        Assert.Equal(1, (await policy.CurrentAsync()).RuleCount);
        File.SetUnixFileMode(_home.In("conf"), (UnixFileMode)0x1FF);
        Assert.Contains("others may write", (await policy.CurrentAsync()).Fault!.Reason);
        File.SetUnixFileMode(_home.In("conf"), (UnixFileMode)0x1C0);
        Assert.Null((await policy.CurrentAsync()).Fault);
    }

    [Fact]
    public async Task A_file_that_rests_is_not_read_again()
    {
        Write(One);
        var policy = Watch();
        PolicyState state;
        while (!(state = await policy.CurrentAsync()).IsSettled)
            await Task.Yield();
        for (var i = 0; i < 100; i++)
        {
            var again = policy.CurrentAsync();
            Assert.True(again.IsCompletedSuccessfully);
            Assert.Same(state, await again);
        }
    }

    [Fact]
    public async Task A_change_is_told_once()
    {
        Write(One);
        var policy = Watch();
        var told = new List<int>();
        policy.Changed += state => told.Add(state.RuleCount);
        Write(Two);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => policy.CurrentAsync().AsTask()));
        Write(Two);
        await policy.CurrentAsync();
        Assert.Equal([2], told);
    }

    [Fact]
    public void A_caller_that_connects_before_a_new_file_was_read_is_looked_at()
    {
        var policy = Watch();
        Assert.Equal(IdentityNeeds.None, policy.Needs);
        Write(One);
        Assert.Equal(IdentityNeeds.Program, policy.Needs);
    }

    [Fact]
    public void One_look_holds_for_all_that_had_come_before_it_and_for_nothing_that_comes_later() => RoundThread.Run(_ =>
    {
        var policy = Watch();
        Round.Reads();
        Assert.False(Now().Exists);
        Write(One);
        Assert.False(Now().Exists);
        Round.Reads();
        Assert.Equal(1, Now().RuleCount);

        PolicyState Now() => policy.CurrentAsync().AsTask().GetAwaiter().GetResult();
    });

    [Theory]
    [InlineData("""{"deny":[{"refs":["op://a/b/c"]}]}""", Each)]
    [InlineData("""{"allow":[{"refs":["op://a/b/c"],"parents":["/bin/sh"]}]}""", Each | IdentityNeeds.Ancestors)]
    [InlineData("""{"deny":[{"refs":["op://a/b/c"],"forbidden_parents":["/bin/sh"]}]}""", Each | IdentityNeeds.Ancestors)]
    [InlineData("""{"allow":[{"refs":["op://a/b/c"],"script":"/x.sh"}]}""", Each | IdentityNeeds.Script)]
    [InlineData("""{"alow":[]}""", IdentityNeeds.Program)]
    internal void The_rules_say_what_has_to_be_known_of_a_caller(string content, IdentityNeeds needs)
    {
        Write(content);
        Assert.Equal(needs, Watch().Last.Needs);
    }

    private PolicyInForce Watch() => new(PolicyFile, ProcessIdentity.EffectiveUserId());

    private void Write(string content) => _home.Write("conf/policy.json", Encoding.UTF8.GetBytes(content));
}
