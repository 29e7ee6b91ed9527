namespace Opx.Protocol;

/// <summary>The one flag a request may carry: <c>--account=ID</c>, the 1Password account to ask (sign-in address, shorthand or id).</summary>
public static class Account
{
    private const string Prefix = "--account=";

    /// <summary>The flag for an account.</summary>
    public static string Flag(string account) => Prefix + account;

    /// <summary>True for what an account may be called: up to 128 of <c>A-Z a-z 0-9 . _ - @ : /</c>, not starting with <c>-</c>.</summary>
    public static bool IsValid(string account) =>
        account.Length is > 0 and <= 128 && account[0] != '-' && account.All(c => char.IsAsciiLetterOrDigit(c) || "._-@:/".Contains(c));

    /// <summary>The account that the flags name (null for none), or what is wrong with them.</summary>
    internal static string? Parse(List<string> flags)
    {
        string? account = null;
        foreach (var flag in flags)
        {
            if (!flag.StartsWith(Prefix, StringComparison.Ordinal))
                throw new MalformedBodyException(ErrorCode.UnsupportedFlag, $"unsupported flag '{Printable.Text(flag, 64)}': only --account=ID is");
            var named = flag[Prefix.Length..];
            if (!IsValid(named))
                throw new MalformedBodyException(ErrorCode.UnsupportedFlag, "--account= wants a sign-in address, a shorthand or an account id");
            if (account is not null && account != named)
                throw new MalformedBodyException(ErrorCode.UnsupportedFlag, "two different accounts are named");
            account = named;
        }

        return account;
    }
}
