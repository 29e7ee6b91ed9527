namespace Opx.Protocol;

/// <summary>Where a login method is mounted.</summary>
public static class MountPath
{
    /// <summary>False for what HTTP would take for another path than the one that stands there.</summary>
    public static bool IsPlain(string mount) => mount.Trim('/').Split('/').All(segment => segment is not ("" or "." or ".."));
}
