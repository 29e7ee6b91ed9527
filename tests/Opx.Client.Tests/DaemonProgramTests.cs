namespace Opx.Client.Tests;

public sealed class DaemonProgramTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public DaemonProgramTests()
    {
        Directory.CreateDirectory(_home.Root + "/bin");
        Directory.CreateDirectory(_home.Root + "/path");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_named_program_comes_before_the_one_beside_us_and_that_before_the_search_path()
    {
        var onPath = _home.Script("path/opx-authd", "");
        var options = _home.Options with { OwnPath = _home.Root + "/bin/opx", SearchPath = $"/none::relative:{_home.Root}/path" };
        Assert.Equal(onPath, DaemonProgram.Find(options));
        var beside = _home.Script("bin/opx-authd", "");
        Assert.Equal(beside, DaemonProgram.Find(options));
        var named = _home.Script("named", "");
        Assert.Equal(named, DaemonProgram.Find(options with { DaemonPath = named }));
    }

    [Fact]
    public void Beside_us_means_beside_the_file_and_not_beside_a_link_to_it()
    {
        _home.Script("bin/opx", "");
        var beside = _home.Script("bin/opx-authd", "");
        File.CreateSymbolicLink(_home.Root + "/opx", _home.Root + "/bin/opx");
        Assert.Equal(beside, DaemonProgram.Find(_home.Options with { OwnPath = _home.Root + "/opx" }));
    }

    [Fact]
    public void A_named_program_that_cannot_be_run_is_an_error_and_no_reason_to_run_another()
    {
        _home.Script("bin/opx-authd", "");
        File.WriteAllText(_home.Root + "/named", "");
        var options = _home.Options with { OwnPath = _home.Root + "/bin/opx", DaemonPath = _home.Root + "/named" };
        Assert.Contains("OPX_AUTHD_PATH", Assert.Throws<DaemonUnreachableException>(() => DaemonProgram.Find(options)).Message);
    }

    [Fact]
    public void An_error_says_where_it_was_looked_for()
    {
        var error = Assert.Throws<DaemonUnreachableException>(() => DaemonProgram.Find(_home.Options with { SearchPath = _home.Root + "/path" }));
        Assert.Contains(_home.Root + "/opx-authd", error.Message);
        Assert.Contains("PATH", error.Message);
    }
}
