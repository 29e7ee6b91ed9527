using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Logins;

/// <summary>What a login is going to be, before anybody is asked for anything.</summary>
/// <param name="Refs">References by the name of the credential they stand for.</param>
/// <param name="Typed">The credentials that a person has to give, in the order they are asked for.</param>
internal sealed record LoginPlan(string Backend, string Method, IReadOnlyDictionary<string, string> Refs, IReadOnlyList<string> Typed)
{
    /// <summary>It can be done again with nobody there, so its references are written down.</summary>
    public bool IsRepeatable => Typed.Count == 0 && !LoginMethods.IsOnceOnly(Method);

    /// <summary>The way to log in that the options mean, or what is wrong with them.</summary>
    /// <param name="method">Of <c>--method</c>; null to be concluded from the references.</param>
    /// <exception cref="UsageException">They do not go together.</exception>
    public static LoginPlan Of(string backend, string? method, IReadOnlyDictionary<string, string> refs)
    {
        var chosen = method ?? Implied(refs);
        if (!LoginMethods.All.Contains(chosen))
            throw new UsageException($"--method wants one of {string.Join(", ", LoginMethods.All)}");
        var (required, optional) = (LoginMethods.Required(chosen), LoginMethods.Optional(chosen));
        foreach (var (name, reference) in refs)
        {
            if (LoginMethods.IsOnceOnly(chosen) || (!required.Contains(name) && !optional.Contains(name)))
                throw new UsageException($"a login by {chosen} takes no {OptionOf(name)}");
            Check(name, reference);
        }

        if (refs.ContainsKey(LoginFields.SecretId) && refs.ContainsKey(LoginFields.WrappedSecretId))
            throw new UsageException($"{OptionOf(LoginFields.SecretId)} and {OptionOf(LoginFields.WrappedSecretId)} exclude each other");
        if (LoginMethods.IsOnceOnly(chosen))
            return new LoginPlan(backend, chosen, refs, []);
        if (refs.Count == 0)
            return new LoginPlan(backend, chosen, refs, chosen == LoginMethods.AppRole ? [.. required, LoginFields.SecretId] : required);
        // Half of it typed could not be repeated, and half of it written down would look as if it could.
        return required.FirstOrDefault(name => !refs.ContainsKey(name)) is { } missing
            ? throw new UsageException($"a login by {chosen} with references needs {OptionOf(missing)} too")
            : new LoginPlan(backend, chosen, refs, []);
    }

    public static string OptionOf(string credential) => $"--{credential.Replace('_', '-')}-ref";

    private static string Implied(IReadOnlyDictionary<string, string> refs)
    {
        foreach (var method in LoginMethods.All)
        {
            // Kubernetes takes a token that looks like any other: only --method says so.
            if (method != LoginMethods.Kubernetes && LoginMethods.Required(method).Concat(LoginMethods.Optional(method)).Any(refs.ContainsKey))
                return method;
        }

        return LoginMethods.Token;
    }

    // The text is not quoted: somebody may have put the password itself there.
    private static void Check(string name, string reference)
    {
        if (!SecretReference.HasScheme(reference))
            throw new UsageException($"{OptionOf(name)} wants a reference: op://…, vault://… or bao://…");
        if (SecretReference.Parse(reference, out var why) is null)
            throw new UsageException($"{OptionOf(name)}: {why}");
    }
}
