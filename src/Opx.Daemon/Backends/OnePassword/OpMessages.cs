using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// What the messages of <c>op</c> 2.39 mean. They are made for people and hold names of vaults and items, which anybody may choose: an item
/// called "account is not signed in" must not lock a session. So what the batch's references are called is taken out before a phrase is
/// looked for.
/// </summary>
internal static class OpMessages
{
    private const string SignIn = "run 'opx login 1password' or unlock the 1Password app";

    // In this order: what concerns one reference comes before what concerns everybody.
    private static readonly Phrase[] Phrases =
    [
        new("argument list too long", ErrorCode.TooLarge, OpFailureScope.Amount,
            "the value is too large to be passed by 'op run'"),
        new(StandIn.Mark, ErrorCode.BackendError, OpFailureScope.Everybody,
            "the 'op' that the daemon runs leads back to opx: set OPX_OP_PATH to 1Password's own CLI, then run 'opx daemon restart'"),
        new("isn't an item in the", ErrorCode.NotFound, OpFailureScope.Reference,
            "1Password has no such item in that vault: check the item's name in the reference"),
        new("could not find item", ErrorCode.NotFound, OpFailureScope.Reference,
            "1Password has no such item: check the item's name in the reference"),
        new("isn't a vault in this account", ErrorCode.NotFound, OpFailureScope.Reference,
            "1Password has no such vault in this account: check the vault's name in the reference, or name the account with --account"),
        // As a Connect server's client says it.
        new("could not find field", ErrorCode.NotFound, OpFailureScope.Reference,
            "the 1Password item has no such field: check the section's and the field's name in the reference"),
        new("does not have a field", ErrorCode.NotFound, OpFailureScope.Reference,
            "the 1Password item has no such field: check the section's and the field's name in the reference"),
        new("More than one item matches", ErrorCode.Ambiguous, OpFailureScope.Reference,
            "more than one 1Password item has this name: put the item's id in its place in the reference"),
        new("invalid secret reference", ErrorCode.UnsupportedRef, OpFailureScope.Reference,
            "1Password does not take this for a reference: write op://vault/item[/section]/field"),
        new("(403)", ErrorCode.AccessDenied, OpFailureScope.Reference,
            "1Password denies access: check which vaults this account or service account may read"),
        new("(429)", ErrorCode.RateLimited, OpFailureScope.Everybody,
            "1Password's quota of requests is used up"),
        new("authorization prompt dismissed", ErrorCode.PromptDismissed, OpFailureScope.Everybody,
            "the 1Password prompt was dismissed: ask again and approve it"),
        new("authorization timeout", ErrorCode.PromptDismissed, OpFailureScope.Everybody,
            "nobody answered the 1Password prompt in time: ask again and approve it"),
        new("You are not currently signed in", ErrorCode.SignInRequired, OpFailureScope.Everybody, "1Password is not signed in: " + SignIn),
        new("account is not signed in", ErrorCode.SignInRequired, OpFailureScope.Everybody, "1Password is not signed in: " + SignIn),
        new("could not find session token for account", ErrorCode.SignInRequired, OpFailureScope.Everybody,
            "1Password is not signed in to this account: " + SignIn),
        new("no account found for filter", ErrorCode.SignInRequired, OpFailureScope.Everybody,
            "the 1Password CLI knows no such account: check --account, or add it with 'op account add'"),
        new("(401)", ErrorCode.SignInRequired, OpFailureScope.Everybody,
            "1Password refused the credentials: sign in again with 'opx login 1password', or renew OP_SERVICE_ACCOUNT_TOKEN"),
        new("connecting to desktop app", ErrorCode.BackendUnavailable, OpFailureScope.Everybody,
            "the 1Password app does not answer: check that it runs and that 'Integrate with 1Password CLI' is on in its settings"),
        new("cannot setup session", ErrorCode.BackendUnavailable, OpFailureScope.Everybody,
            "the 1Password app could not set up a session for the CLI: unlock the app, or restart it"),
        new("connection reset", ErrorCode.BackendUnavailable, OpFailureScope.Everybody,
            "1Password broke off the connection: check the network and the 1Password app, and try again"),
        new("context deadline exceeded", ErrorCode.BackendUnavailable, OpFailureScope.Everybody,
            "1Password did not answer the CLI in time: check the network, and try again"),
    ];

    /// <param name="references">What was asked for.</param>
    /// <param name="exitStatus">For a failure that says nothing we know.</param>
    public static OpFailure Explain(string message, IReadOnlyList<OpReference> references, int exitStatus)
    {
        var neutral = OneKindOfQuote(WithoutNames(message, references));
        foreach (var phrase in Phrases)
        {
            if (Contains(neutral, phrase.Text))
                return phrase.Failure(message, phrase.Code == ErrorCode.RateLimited ? RetryAfter.In(neutral) : null);
        }

        // With nothing behind the colon, the client has no session to begin with.
        if (neutral.TrimEnd().EndsWith("error initializing client:", StringComparison.OrdinalIgnoreCase))
        {
            var failure = new BackendFailure(ErrorCode.SignInRequired, "1Password is not signed in: " + SignIn);
            return new OpFailure(failure, OpFailureScope.Everybody, message);
        }

        return new OpFailure(
            new BackendFailure(
                ErrorCode.BackendError, $"op failed with exit status {exitStatus}: run 'op read' with this reference to see why"),
            OpFailureScope.Reference, message);
    }

    /// <summary>Versions of <c>op</c> quote names in one way and in another.</summary>
    public static string OneKindOfQuote(string message)
    {
        foreach (var quote in "\"`\u2018\u2019\u201c\u201d")
            message = message.Replace(quote, '\'');
        return message;
    }

    private static string WithoutNames(string message, IReadOnlyList<OpReference> references)
    {
        foreach (var reference in references)
        {
            message = Without(message, reference.Text);
            message = Without(message, $"{reference.Vault}/{reference.Item}");
            foreach (var name in (string?[])[reference.Vault, reference.Item, reference.Section, reference.Field])
            {
                if (name is not null && (name.Contains("error initializing client", StringComparison.OrdinalIgnoreCase)
                    || Array.Exists(Phrases, phrase => Contains(name, phrase.Text))))
                    message = Without(message, name);
            }
        }

        return message;
    }

    private static string Without(string message, string name) => message.Replace(name, "…", StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string text, string phrase) => text.Contains(phrase, StringComparison.OrdinalIgnoreCase);

    private sealed record Phrase(string Text, ErrorCode Code, OpFailureScope Scope, string Detail)
    {
        public OpFailure Failure(string message, TimeSpan? retryAfter)
        {
            var detail = retryAfter is { } wait ? $"{Detail}: try again in {RetryAfter.Words(wait)}" : Detail;
            return new OpFailure(new BackendFailure(Code, detail, retryAfter), Scope, message, Code == ErrorCode.BackendUnavailable);
        }
    }
}
