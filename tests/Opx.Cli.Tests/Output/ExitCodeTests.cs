using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Tests.Output;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(2, "bad_request unsupported_ref unsupported_flag too_large")]
    [InlineData(3, "access_denied policy_invalid peer_unidentified")]
    [InlineData(4, "not_found ambiguous")]
    [InlineData(5, "session_locked sign_in_required prompt_dismissed")]
    [InlineData(6, "rate_limited backend_error backend_unavailable backend_timeout")]
    [InlineData(1, "unauthorized internal")]
    public void Each_code_has_its_exit_code(int exitCode, string names)
    {
        foreach (var name in names.Split(' '))
            Assert.Equal(exitCode, ExitCode.Of(ErrorCodes.Parse(name)!.Value));
    }

    [Fact]
    public void A_problem_is_one_printable_line()
    {
        var line = Messages.Of(new Problem(ErrorCode.NotFound, "no\nsuch \u001b[31mitem\u202e", "op://a\tb"));

        Assert.Equal("op://a\\u{9}b: no\\u{a}such \\u{1b}[31mitem\\u{202e}", line);
    }

    [Fact]
    public void Only_an_internal_problem_names_its_request()
    {
        Assert.Equal("failed (request abc)", Messages.Of(new Problem(ErrorCode.Internal, "failed", RequestId: "abc")));
        Assert.Equal("gone", Messages.Of(new Problem(ErrorCode.NotFound, "gone", RequestId: "abc")));
    }
}
