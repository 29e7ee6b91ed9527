using Opx.Protocol;

namespace Opx.Cli.Auditing;

/// <summary>How much a rule may allow beside the reference that was denied.</summary>
internal sealed record PermissionLevel(string Pattern, string Meaning)
{
    /// <summary>From the reference itself to everything; null where a rule cannot name it, because a <c>*</c> in it would mean others too.</summary>
    public static IReadOnlyList<PermissionLevel>? Of(string text)
    {
        if (text.Contains('*') || SecretReference.Parse(text, out _) is not { } reference)
            return null;
        var prefix = text[..(text.Length - reference.Body.Length)];
        var levels = new List<PermissionLevel> { new(text, "exact match") };
        if (reference.Scheme is ReferenceScheme.Vault or ReferenceScheme.Bao)
            AddPaths(levels, prefix, reference.Body);
        else
            AddItems(levels, prefix, reference.Body);
        levels.Add(new PermissionLevel("*", "all secrets"));
        return levels;
    }

    // op://vault/item/[section/]field
    private static void AddItems(List<PermissionLevel> levels, string prefix, string body)
    {
        var parts = body.Split('?')[0].Split('/');
        if (parts.Length > 2)
            levels.Add(new PermissionLevel($"{prefix}{parts[0]}/{parts[1]}/*", "this item"));
        if (parts.Length > 1)
            levels.Add(new PermissionLevel($"{prefix}{parts[0]}/*", "entire vault"));
    }

    // vault://mount/path#key
    private static void AddPaths(List<PermissionLevel> levels, string prefix, string body)
    {
        var path = body.Split('#')[0];
        if (path.Length < body.Length)
            levels.Add(new PermissionLevel($"{prefix}{path}#*", "this path"));
        if (path.IndexOf('/') is var slash and > 0)
            levels.Add(new PermissionLevel($"{prefix}{path[..slash]}/*", "entire mount"));
    }
}
