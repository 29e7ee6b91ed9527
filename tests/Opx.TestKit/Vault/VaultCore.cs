using Opx.TestKit.Vault.Engines;
using Opx.TestKit.Vault.Methods;
using Opx.TestKit.Vault.Sys;

namespace Opx.TestKit.Vault;

/// <summary>
/// The server without its network: routes a call to what is mounted, asks for token and policy before, wraps the answer after. One call at a
/// time. Where each answer was looked up stands in README.md beside this file.
/// </summary>
internal sealed class VaultCore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, VaultNamespace> _namespaces = [];
    private readonly SystemMount _system;

    public VaultCore(TimeProvider clock, bool isBao, string rootToken)
    {
        IsBao = isBao;
        Tokens = new TokenStore(clock, isBao);
        Leases = new LeaseStore(Tokens);
        _system = new SystemMount(this);
        AddNamespace("");
        Tokens.Add(new VaultToken(rootToken, clock.GetUtcNow()) { Policies = ["root"], Path = "auth/token/root", DisplayName = "root", IsOrphan = true });
    }

    public bool IsBao { get; }

    public string Version => IsBao ? "2.4.4" : "1.20.4";

    public TokenStore Tokens { get; }

    public LeaseStore Leases { get; }

    public CallCounters Counters { get; } = new();

    public bool IsSealed { get; set; }

    /// <summary>The server's own address, as tokens of a login in a browser need it.</summary>
    public string Address { get; set; } = "";

    public OidcProvider Provider { get; } = new();

    public VaultNamespace Root => _namespaces[""];

    public VaultNamespace AddNamespace(string path)
    {
        if (_namespaces.TryGetValue(path, out var known))
            return known;
        var space = new VaultNamespace(path);
        // As "server -dev" has it: KV v2 at secret/ in the root namespace, and what every namespace has.
        space.Mount("cubbyhole", new Cubbyhole(), "per-token private secret storage");
        if (path.Length == 0)
            space.Mount("secret", new KvVersion2(Tokens), "key/value secret storage", "2");
        space.Enable("token", new TokenMethod(this), "token based credentials");
        return _namespaces[path] = space;
    }

    public VaultNamespace? Namespace(string path) => _namespaces.GetValueOrDefault(path);

    public (VaultAnswer Answer, byte[] Body) Handle(VaultCall call, bool isCounted = true)
    {
        lock (_lock)
        {
            var (answer, mountType) = Answer(call);
            if (isCounted)
                Counters.Count(call, answer);
            var body = answer.Raw ?? (answer.Status == 204 ? [] : AnswerText.Of(answer, mountType, IsBao));
            if (call.WrapTtl is not { } ttl || answer.Errors is not null || answer.Status != 200)
                return (answer, body);
            var wrapping = Wrapping.Wrap(Tokens, call, body, ttl);
            return (answer with { Raw = null, ContentType = "application/json" }, AnswerText.Wrapped(wrapping, call.Path, answer.Auth?.Accessor, IsBao));
        }
    }

    /// <summary>For whoever changes something beside the calls.</summary>
    public T Alone<T>(Func<T> change)
    {
        lock (_lock)
            return change();
    }

    private (VaultAnswer Answer, string MountType) Answer(VaultCall call)
    {
        if (IsSealed && call.Path is not ("sys/health" or "sys/seal-status" or "sys/unseal"))
            return (VaultAnswer.Failure(503, "Vault is sealed"), "");
        // A namespace may also stand in the path (docs "enterprise/namespaces").
        if (call.Namespace.Length == 0 && call.Path.IndexOf('/') is > 0 and var slash && Namespace(call.Path[..slash]) is not null)
            return Answer(call with { Namespace = call.Path[..slash], Path = call.Path[(slash + 1)..] });
        if (Namespace(call.Namespace) is not { } space)
            return (VaultAnswer.NoRoute(call.Path), "");
        if (call.Path.StartsWith("sys/", StringComparison.Ordinal))
            return (Checked(call with { Rest = call.Path["sys/".Length..] }, space, _system), "system");
        if (call.Path.StartsWith("auth/", StringComparison.Ordinal))
        {
            var behind = call.Path["auth/".Length..];
            return space.Method(behind) is { } method
                ? (Checked(call with { Rest = Behind(method, behind) }, space, method.Mount), method.Mount.Type)
                : (Unrouted(call, space), "");
        }

        return space.Engine(call.Path) is { } engine
            ? (Checked(call with { Rest = Behind(engine, call.Path) }, space, engine.Mount), engine.Mount.Type)
            : (Unrouted(call, space), "");
    }

    private static string Behind(MountEntry entry, string path) => path.Length > entry.Path.Length ? path[entry.Path.Length..] : "";

    // Token and policy are looked at first: who may do nothing there is not told which mounts there are.
    private VaultAnswer Unrouted(VaultCall call, VaultNamespace space) => Caller(call, out var refusal) is not { } token ? refusal
        : MayUse(space, token, call) ? VaultAnswer.NoRoute(call.Path) : VaultAnswer.Denied;

    private VaultAnswer Checked(VaultCall call, VaultNamespace space, IVaultMount mount)
    {
        if (mount.IsOpen(call.Rest))
            return mount.Handle(call with { Token = call.TokenId.Length > 0 ? Tokens.Find(call.TokenId) : null });
        if (Caller(call, out var refusal) is not { } token)
            return refusal;
        Tokens.Use(token);
        return MayUse(space, token, call) ? mount.Handle(call with { Token = token }) : VaultAnswer.Denied;
    }

    private VaultToken? Caller(VaultCall call, out VaultAnswer refusal)
    {
        refusal = call.TokenId.Length == 0 ? VaultAnswer.Failure(403, "permission denied") : VaultAnswer.InvalidToken;
        return call.TokenId.Length == 0 ? null : Tokens.Find(call.TokenId);
    }

    private static bool MayUse(VaultNamespace space, VaultToken token, VaultCall call)
    {
        if (token.IsRoot)
            return true;
        // A token of a namespace is none of that above it or beside it.
        if (token.Namespace.Length > 0 && space.Path != token.Namespace && !space.Path.StartsWith(token.Namespace + "/", StringComparison.Ordinal))
            return false;
        var capability = call.Method switch { "GET" => "read", "LIST" => "list", "DELETE" => "delete", "PATCH" => "patch", _ => "update" };
        return space.Policies.Allows(token.Policies, call.Path, capability);
    }
}
