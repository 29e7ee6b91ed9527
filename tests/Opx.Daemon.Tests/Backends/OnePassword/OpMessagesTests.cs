using Opx.Daemon.Backends.OnePassword;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Backends.OnePassword;

public sealed class OpMessagesTests
{
    private const string Stamp = "[ERROR] 2026/11/22 00:41:07 ";
    private const string Prefix = "could not read secret 'op://x/y/z': ";
    private const string Client = Prefix + "error initializing client: ";

    [Theory]
    [InlineData(Prefix + """could not get item V/nope: "nope" isn't an item in the "V" vault. Specify it.""", ErrorCode.NotFound)]
    [InlineData(Prefix + "item 'V/i' does not have a field 'nope'", ErrorCode.NotFound)]
    [InlineData(Prefix + """item "V/i" does not have a field "nope".""", ErrorCode.NotFound)]
    [InlineData(Prefix + "\u201cx\u201d isn\u2019t a vault in this account.", ErrorCode.NotFound)]
    [InlineData("could not read secret op://x/y/z: could not find field or file z on item y in vault x", ErrorCode.NotFound)]
    [InlineData(Prefix + """could not get item x/y: "x" isn't a vault in this account. Specify it.""", ErrorCode.NotFound)]
    [InlineData("could not resolve item UUID for item nope: could not find item nope in vault ytrfte14kw1uex5txa", ErrorCode.NotFound)]
    [InlineData(Prefix + "could not get item V/x: More than one item matches \"x\". Try again:\n\t* x", ErrorCode.Ambiguous)]
    [InlineData("invalid secret reference 'op://x': too few '/': should match op://<vault>/<item>/<field>", ErrorCode.UnsupportedRef)]
    [InlineData(Prefix + "(403) Forbidden: You do not have permission", ErrorCode.AccessDenied)]
    [InlineData("the moon is in the wrong phase", ErrorCode.BackendError)]
    [InlineData("", ErrorCode.BackendError)]
    public void A_message_about_references_concerns_only_them(string message, ErrorCode code)
    {
        var failure = Explain(message);

        Assert.Equal((code, OpFailureScope.Reference, false), (failure.Failure.Code, failure.Scope, failure.IsPassing));
    }

    [Theory]
    [InlineData(Client + "You are not currently signed in. Please run `op signin --help` for instructions", ErrorCode.SignInRequired)]
    [InlineData("account is not signed in", ErrorCode.SignInRequired)]
    [InlineData("no account found for filter \"work\"", ErrorCode.SignInRequired)]
    [InlineData("could not find session token for account my", ErrorCode.SignInRequired)]
    [InlineData(Client, ErrorCode.SignInRequired)]
    [InlineData(Client + "Authentication error: (401) Unauthorized", ErrorCode.SignInRequired)]
    [InlineData(Client + "authorization prompt dismissed, please try again", ErrorCode.PromptDismissed)]
    [InlineData("error initializing client: authorization timeout", ErrorCode.PromptDismissed)]
    [InlineData("(429) Too Many Requests: You've reached the limit. Please retry in 58 minutes", ErrorCode.RateLimited)]
    [InlineData(Client + "connecting to desktop app: connecting to desktop app timed out", ErrorCode.BackendUnavailable)]
    [InlineData(Client + "RequestDelegatedSession: cannot setup session. Please check the logs of the app.", ErrorCode.BackendUnavailable)]
    [InlineData("Post \"https://my.1password.com\": read: context deadline exceeded", ErrorCode.BackendUnavailable)]
    [InlineData("read tcp 10.0.0.1:443: read: connection reset by peer", ErrorCode.BackendUnavailable)]
    public void A_message_about_the_account_or_the_service_concerns_everybody(string message, ErrorCode code)
    {
        var failure = Explain(message);

        Assert.Equal((code, OpFailureScope.Everybody), (failure.Failure.Code, failure.Scope));
        Assert.Equal(code == ErrorCode.BackendUnavailable, failure.IsPassing);
    }

    [Theory]
    [InlineData("./op: 157: exec: env: Argument list too long")]
    [InlineData("[ERROR] 2026/11/22 00:41:07 fork/exec /usr/bin/env: argument list too long")]
    public void What_the_kernel_does_not_pass_is_a_matter_of_amount(string message) =>
        Assert.Equal(OpFailureScope.Amount, Explain(message).Scope);

    [Theory]
    [InlineData("op://V/account is not signed in/f", "\"account is not signed in\" isn't an item in the \"V\" vault.", ErrorCode.NotFound)]
    [InlineData("op://authorization timeout/i/f", "\"authorization timeout\" isn't a vault in this account.", ErrorCode.NotFound)]
    [InlineData("op://V/i/(429)", "item 'V/i' does not have a field '(429)'", ErrorCode.NotFound)]
    [InlineData("op://V/i/connection reset", "the moon is in the wrong phase for connection reset", ErrorCode.BackendError)]
    [InlineData("op://V/does not have a field/f", "'op://V/does not have a field/f': authorization timeout", ErrorCode.PromptDismissed)]
    [InlineData("op://V/i/error initializing client:", "nothing known about error initializing client:", ErrorCode.BackendError)]
    public void A_name_that_reads_like_a_message_is_not_one(string reference, string message, ErrorCode code) =>
        Assert.Equal(code, OpMessages.Explain(Stamp + message, Refs.Of(reference), 1).Failure.Code);

    [Theory]
    [InlineData("Please retry in 58 minutes", 58 * 60)]
    [InlineData("Please retry in 1 minute.", 60)]
    [InlineData("Please retry in 30 seconds", 30)]
    [InlineData("Please retry in 1 hour and 3 minutes", 3780)]
    [InlineData("Please retry in about an hour", 3600)]
    [InlineData("please retry after 58m0s", 58 * 60)]
    [InlineData("Please retry in 90s or tomorrow, 5 minutes", 90)]
    [InlineData("Please retry in 400 days", 86400)]
    [InlineData("retry in 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d 999999999d", 86400)]
    [InlineData("Please retry in 99999999999999999999 hours", 60)]
    [InlineData("Please retry later", 60)]
    [InlineData("", 60)]
    public void The_delay_of_a_rate_limit_is_read(string message, int seconds)
    {
        var failure = Explain("(429) Too Many Requests: " + message).Failure;

        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
        Assert.Contains("try again in", failure.Detail);
    }

    [Fact]
    public void No_word_of_the_message_reaches_the_failure_s_text()
    {
        var failure = Explain("could not read secret 'op://V/i/f': CANARY (403)");

        Assert.DoesNotContain("CANARY", failure.Failure.Detail);
        Assert.DoesNotContain("CANARY", failure.ToString());
    }

    private static OpFailure Explain(string message) => OpMessages.Explain(Stamp + message + "\n", Refs.Of("op://V/i/f", "op://x/y/z"), 1);
}
