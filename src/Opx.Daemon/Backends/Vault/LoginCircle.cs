using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault;

/// <summary>A login whose references need the backend that it unlocks, be it by way of others' logins.</summary>
internal static class LoginCircle
{
    /// <summary>The circle, as <c>vault → bao → vault</c>; null where there is none.</summary>
    /// <param name="references">Those of the login in question, in use already or not.</param>
    public static string? Find(VaultBackend start, IEnumerable<SecretReference> references, BackendRouter router) =>
        Follow(start, references, [start.Name], router);

    private static string? Follow(VaultBackend start, IEnumerable<SecretReference> references, List<string> way, BackendRouter router)
    {
        foreach (var next in references.Select(reference => router.Route(reference, out _)).OfType<VaultBackend>().Distinct())
        {
            if (next == start)
                return string.Join(" → ", [.. way, start.Name]);
            // A circle that the start is not in is that of another login.
            if (!way.Contains(next.Name) && Follow(start, next.LoginReferences, [.. way, next.Name], router) is { } circle)
                return circle;
        }

        return null;
    }
}
