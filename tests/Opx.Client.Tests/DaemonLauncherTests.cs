using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Client.Tests;

/// <summary>The launcher against shell scripts that stand in for <c>opx-authd</c>.</summary>
public sealed class DaemonLauncherTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_daemon_that_says_ready_was_started()
    {
        Start("""echo ready >&$OPX_READY_FD""");
        Assert.True(Directory.Exists(_home.Paths.DataDirectory));
    }

    [Fact]
    public void A_daemon_s_own_error_is_shown()
    {
        var error = Assert.Throws<DaemonUnreachableException>(() => Start("""printf 'error: config.json: unknown key \033[2J"ttl"\n' >&$OPX_READY_FD"""));
        Assert.Equal("the daemon did not start: config.json: unknown key \\u{1b}[2J\"ttl\"", error.Message);
        Assert.False(error.NotRunning);
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("printf read >&$OPX_READY_FD")]
    public void A_daemon_that_ends_without_a_word_is_an_error_that_names_the_log(string script) =>
        Assert.Contains(_home.Paths.DaemonLogFile, Assert.Throws<DaemonUnreachableException>(() => Start(script)).Message);

    [Fact]
    public void The_daemon_gets_none_of_our_standard_streams()
    {
        Start("""
            readlink /proc/self/fd/0 >&2; readlink /proc/$$/fd/1; readlink /proc/$$/fd/2
            echo ready >&$OPX_READY_FD
            """);
        Assert.Equal($"/dev/null\n{_home.Paths.DaemonLogFile}\n{_home.Paths.DaemonLogFile}\n", File.ReadAllText(_home.Paths.DaemonLogFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Paths.DaemonLogFile));
    }

    [Fact]
    public void The_daemon_gets_no_other_descriptor_than_the_pipe()
    {
        using var open = File.OpenRead("/dev/null");
        Start("""
            ls /proc/$$/fd
            echo ready >&$OPX_READY_FD
            """);

        // From 10 on, shells keep the script itself.
        Assert.Equal(["0", "1", "2", "3"], File.ReadLines(_home.Paths.DaemonLogFile).Where(number => number.Length == 1));
    }

    [Fact]
    public void The_daemon_s_signals_are_the_default_ones_and_its_process_group_is_its_own()
    {
        Start("""
            grep -E '^Sig(Blk|Ign):' /proc/self/status
            [ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] && echo own group
            pwd
            echo ready >&$OPX_READY_FD
            """);
        Assert.Equal(
            ["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "own group", "/"], File.ReadAllLines(_home.Paths.DaemonLogFile));
    }

    [Fact]
    public void The_daemon_s_environment_is_ours_without_what_was_put_in_for_tls()
    {
        SystemTrustStore.Restore();
        var (file, directory) = (NativeVariable.Text("SSL_CERT_FILE") ?? "unset", NativeVariable.Text("SSL_CERT_DIR") ?? "unset");
        SystemTrustStore.Bypass();
        Start("""
            echo "${SSL_CERT_FILE-unset} ${SSL_CERT_DIR-unset} ${HOME:+home} $OPX_READY_FD"
            echo ready >&$OPX_READY_FD
            """);
        Assert.Equal($"{file} {directory} home 3\n", File.ReadAllText(_home.Paths.DaemonLogFile));
        SystemTrustStore.Restore();
    }

    [Theory]
    [InlineData(false, "--detach\n")]
    [InlineData(true, "--detach --sock {0}\n")]
    public void The_socket_is_named_only_where_it_was_moved(bool moved, string words)
    {
        if (moved)
            _home.WithSocketAt(_home.Root + "/s");
        Start("""echo "$*"; echo ready >&$OPX_READY_FD""");
        Assert.Equal(string.Format(words, _home.Paths.SocketPath), File.ReadAllText(_home.Paths.DaemonLogFile));
    }

    [Fact]
    public void No_child_and_no_file_but_the_log_is_left()
    {
        // A program that another test started may not have ended yet: who fails does not wait for it.
        var before = Children();
        Start("echo ready >&$OPX_READY_FD");
        Assert.Equal([_home.Paths.DaemonLogFile], Directory.GetFileSystemEntries(_home.Paths.DataDirectory));
        Assert.Subset(before, Children());
    }

    private static HashSet<string> Children() => [.. Directory.GetDirectories("/proc/self/task")
        .SelectMany(thread => File.ReadAllText(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void A_log_that_has_grown_large_is_begun_anew()
    {
        _home.WithDirectories();
        File.WriteAllText(_home.Paths.DaemonLogFile, new string('x', (1024 * 1024) + 1));
        Start("echo small; echo ready >&$OPX_READY_FD");
        Assert.Equal("small\n", File.ReadAllText(_home.Paths.DaemonLogFile));
        Start("echo more; echo ready >&$OPX_READY_FD");
        Assert.Equal("small\nmore\n", File.ReadAllText(_home.Paths.DaemonLogFile));
    }

    [Fact]
    public void Nothing_is_started_where_a_daemon_listens()
    {
        using var daemon = new DaemonDouble(_home);
        Start($"touch {_home.Root}/started; echo ready >&$OPX_READY_FD");
        Assert.False(File.Exists(_home.Root + "/started"));
    }

    [Fact]
    public void Of_many_that_start_at_once_one_starts_a_daemon()
    {
        // The script has the last word only when its starter is connected to what listens: here, a daemon that begins to listen when it is asked.
        using var begun = new FileSystemWatcher(_home.Root, "started-*") { EnableRaisingEvents = true };
        DaemonDouble? daemon = null;
        begun.Created += (_, made) =>
        {
            daemon ??= new DaemonDouble(_home);
            File.Move(made.FullPath, _home.Root + "/listens");
        };
        var program = _home.Script("opx-authd", $"""
            echo started
            mkfifo {_home.Root}/started-$$ 2>/dev/null
            while [ ! -e {_home.Root}/listens ]; do :; done
            echo ready >&$OPX_READY_FD
            """);
        var options = _home.Options with { MayStart = true, DaemonPath = program };
        var clients = Enumerable.Range(0, 20).Select(_ => new Thread(() => DaemonClient.Connect(options).Dispose())).ToList();
        clients.ForEach(client => client.Start());
        clients.ForEach(client => client.Join());
        daemon?.Dispose();
        Assert.Equal("started\n", File.ReadAllText(_home.Paths.DaemonLogFile));
    }

    [Fact]
    public void A_daemon_that_is_gone_right_after_its_start_is_an_error()
    {
        var options = _home.Options with { MayStart = true, DaemonPath = _home.Script("opx-authd", "echo ready >&$OPX_READY_FD") };
        var error = Assert.Throws<DaemonUnreachableException>(() => DaemonClient.Connect(options));
        Assert.Contains("is gone again", error.Message);
        Assert.False(error.NotRunning);
    }

    [Fact]
    public void A_data_directory_that_others_may_read_is_refused()
    {
        Directory.CreateDirectory(_home.Paths.DataDirectory, TemporaryHome.Private | UnixFileMode.OtherRead);
        Assert.Contains("0700", Assert.Throws<OpxPathException>(() => Start("touch started")).Message);
    }

    private void Start(string script) => DaemonLauncher.Start(_home.Options with { DaemonPath = _home.Script("opx-authd", script) });
}
