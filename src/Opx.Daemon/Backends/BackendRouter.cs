using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Options;
using Opx.Protocol;

namespace Opx.Daemon.Backends;

/// <summary>Which backend reads a reference: with <c>multi</c> the one its scheme names, otherwise the configured one and no other.</summary>
internal sealed class BackendRouter(BackendKind kind, IReadOnlyDictionary<BackendKind, ISecretBackend> backends)
{
    /// <summary>As in <c>--backend</c>.</summary>
    public string Name => kind.Name();

    public IReadOnlyList<BackendStatus> Status() => [.. backends.Values.Select(backend => backend.Status())];

    /// <summary>Those that opx logs in to.</summary>
    public IEnumerable<VaultBackend> Vaults => backends.Values.OfType<VaultBackend>();

    /// <summary>Is somebody signed in, to any of them? Null for yes, else what to do about the one that only wants that. Without a prompt.</summary>
    public async Task<BackendFailure?> CheckSignInAsync(CancellationToken cancellation)
    {
        BackendFailure? why = null;
        // The one of the references without a scheme comes first.
        foreach (var backend in backends.OrderBy(each => each.Key).Select(each => each.Value))
        {
            if (await backend.CheckSignInAsync(account: null, cancellation) is not { } failure)
                return null;
            if (why is null || (failure.Code == ErrorCode.SignInRequired && why.Code != ErrorCode.SignInRequired))
                why = failure;
        }

        return why;
    }

    /// <summary>The backend, or null with a problem for a reference that belongs to one that is not offered.</summary>
    public ISecretBackend? Route(SecretReference reference, out Problem? problem)
    {
        problem = null;
        if (kind == BackendKind.Fake)
            return backends[kind];
        var wanted = reference.Scheme switch
        {
            ReferenceScheme.OnePassword => BackendKind.OpCli,
            ReferenceScheme.Vault => BackendKind.Vault,
            ReferenceScheme.Bao => BackendKind.Bao,
            _ => kind == BackendKind.Multi ? BackendKind.OpCli : kind,
        };
        if (kind == BackendKind.Multi || kind == wanted)
            return backends[wanted];
        problem = new Problem(
            ErrorCode.UnsupportedRef,
            $"this daemon reads '{kind.Name()}' only: start it with --backend multi",
            reference.Text);
        return null;
    }
}
