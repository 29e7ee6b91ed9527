using Opx.Daemon.Backends.OnePassword;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class OpEnvironmentTests
{
    [Fact]
    public void Only_what_is_on_the_list_is_handed_on()
    {
        Assert.Equal(
            ["DISPLAY", "HOME", "LC_ALL", "OP_AUTHD_RUNS_OP", "OP_SESSION_my", "PATH", "XDG_RUNTIME_DIR", "https_proxy"],
            Names(new()
            {
                ["PATH"] = "/bin",
                ["HOME"] = "/h",
                ["LC_ALL"] = "C",
                ["XDG_RUNTIME_DIR"] = "/r",
                ["OP_SESSION_my"] = "t",
                ["https_proxy"] = "p",
                ["DISPLAY"] = ":0",
                ["LD_PRELOAD"] = "/x.so",
                ["VAULT_TOKEN"] = "s",
                ["AWS_SECRET_ACCESS_KEY"] = "s",
                ["OPX_SOCKET_PATH"] = "/s",
                ["path"] = "/x",
                ["HOMER"] = "x",
                ["BASH_ENV"] = "/x",
                ["GODEBUG"] = "x",
                ["SSH_AUTH_SOCK"] = "/x",
            }));
    }

    [Fact]
    public void A_variable_that_is_itself_a_reference_stays_out()
    {
        Assert.Equal(["OP_AUTHD_RUNS_OP", "PATH"], Names(new() { ["OP_SERVICE_ACCOUNT_TOKEN"] = "op://V/i/f", ["HOME"] = "OP://x", ["PATH"] = "/bin" }));
    }

    [Theory]
    [InlineData("OP_SERVICE_ACCOUNT_TOKEN", "ops_x", true)]
    [InlineData("OP_CONNECT_HOST", "http://localhost:8080", true)]
    [InlineData("OP_SERVICE_ACCOUNT_TOKEN", "", false)]
    [InlineData("OP_SERVICE_ACCOUNT_TOKEN", "op://V/i/f", false)]
    [InlineData("OP_ACCOUNT", "my", false)]
    public void A_token_means_that_nobody_is_asked(string name, string value, bool unattended) =>
        Assert.Equal(unattended, OpEnvironment.From(new Dictionary<string, string> { [name] = value }, "/usr/bin/op").IsUnattended);

    private static string[] Names(Dictionary<string, string> daemon) =>
        [.. OpEnvironment.From(daemon, "/usr/bin/op").Variables.Select(variable => variable.Key).Order(StringComparer.Ordinal)];
}
