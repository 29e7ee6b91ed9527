using Opx.Daemon.Identity;
using Opx.Policy;
using Opx.Protocol;

namespace Opx.Daemon.Access;

/// <summary>The policy file in force, asked about each caller and each reference.</summary>
/// <param name="always">What has to be known about a caller even where there is no policy: what the audit log writes down.</param>
internal sealed class PolicyGate(PolicyInForce policy, IdentityNeeds always, TimeProvider clock) : IAccessGate
{
    private static readonly Task<Identification> Unknown = Task.FromResult(Identification.Failed("no process is known for it"));
    private static readonly TimeSpan ContentPatience = TimeSpan.FromSeconds(10);

    public IdentityNeeds Needs => always | policy.Needs;

    public ValueTask<AccessRuling> DecideAsync(Peer peer, IReadOnlyList<SecretReference> references)
    {
        var current = policy.CurrentAsync();
        if (!current.IsCompletedSuccessfully)
            return new(DecideAsync(current, peer, references));
        var state = current.Result;
        var needs = always | state.Needs;
        if (needs == IdentityNeeds.None)
            return new(AccessRuling.NoPolicy(null));
        var who = WhoAsync(peer, needs);
        if (!who.IsCompletedSuccessfully)
            return new(DecideAsync(state, who, references));
        return Decide(state, who.Result, references, out var wanted) is { } ruling
            ? new(ruling)
            : new(DecideWithContentAsync(state, who.Result, wanted!, references));
    }

    private static Task<Identification> WhoAsync(Peer peer, IdentityNeeds needs) =>
        peer.Identity?.CurrentAsync(needs) ?? Unknown;

    private async Task<AccessRuling> DecideAsync(ValueTask<PolicyState> current, Peer peer, IReadOnlyList<SecretReference> references)
    {
        var state = await current;
        var needs = always | state.Needs;
        return needs == IdentityNeeds.None ? AccessRuling.NoPolicy(null) : await DecideAsync(state, WhoAsync(peer, needs), references);
    }

    private async Task<AccessRuling> DecideAsync(PolicyState state, Task<Identification> looking, IReadOnlyList<SecretReference> references)
    {
        var who = await looking;
        return Decide(state, who, references, out var wanted) ?? await DecideWithContentAsync(state, who, wanted!, references);
    }

    /// <summary>
    /// A rule asks for the hash of a program that nobody has hashed yet: that is done elsewhere, because the thread here polls the sockets.
    /// </summary>
    private async Task<AccessRuling> DecideWithContentAsync(
        PolicyState state, Identification who, ProgramContent wanted, IReadOnlyList<SecretReference> references)
    {
        try
        {
            await wanted.EstablishAsync().WaitAsync(ContentPatience, clock);
        }
        catch (TimeoutException)
        {
            // It stays unknown.
        }

        return Decide(state, who, references, out _, isLast: true)!;
    }

    /// <summary>Null where the answer needs what is in <paramref name="wanted"/>.</summary>
    private AccessRuling? Decide(
        PolicyState state, Identification who, IReadOnlyList<SecretReference> references, out ProgramContent? wanted, bool isLast = false)
    {
        wanted = null;
        if (state.Fault is { } fault)
            return Same(ErrorCode.PolicyInvalid, $"{fault} (every read is refused until the policy is mended)", "policy_invalid");
        if (state.Policy is not { } rules)
            return AccessRuling.NoPolicy(who);
        if (who.Process is not { } process)
            return Same(ErrorCode.PeerUnidentified, $"a policy exists and the caller cannot be identified: {who.Fault}", $"unidentified: {who.Fault}");
        ProgramContent? unknown = null;
        var caller = state.AsksForContent ? process.Caller with { ContentSha256 = Content } : process.Caller;
        var verdicts = new AccessVerdict[references.Count];
        for (var i = 0; i < verdicts.Length; i++)
            verdicts[i] = Verdict(rules.Decide(caller, references[i], clock.GetUtcNow()), caller);
        wanted = unknown;
        return unknown is null || isLast ? new AccessRuling(who, policy.File, default, verdicts) : null;

        AccessRuling Same(ErrorCode code, string detail, string reason) =>
            new(who, policy.File, new AccessVerdict(new Problem(code, detail), reason));

        string? Content()
        {
            var known = process.Content.Known;
            if (known is null)
                unknown = process.Content;
            return known;
        }
    }

    private static AccessVerdict Verdict(AccessDecision decision, Caller caller)
    {
        if (decision.Allowed)
            return new AccessVerdict(null, decision.Reason);
        var why = decision.Reason switch
        {
            AccessDecision.DefaultDeny => "no rule lets it, and the policy denies by default",
            AccessDecision.NamedForOthers => "a policy exists: only the named processes may access the references it names",
            AccessDecision.Unclear => "the reference is spelled so that it may mean another one",
            var rule => $"{rule} of the policy",
        };
        var detail = $"{Printable.Text(caller.Path ?? "?")} may not read it: {why}";
        return new AccessVerdict(new Problem(ErrorCode.AccessDenied, detail), decision.Reason);
    }
}
