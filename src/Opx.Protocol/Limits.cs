namespace Opx.Protocol;

/// <summary>The sizes both sides keep to.</summary>
public static class Limits
{
    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>References in one <c>/v1/reads</c> or <c>/v1/resolve</c>.</summary>
    public const int References = 1_000;

    /// <summary>Bytes of one reference, in UTF-8.</summary>
    public const int ReferenceBytes = 1_024;

    /// <summary>Bytes of one value, and of all that one backend process may print.</summary>
    public const int ValueBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of one credential in a login.</summary>
    public const int CredentialBytes = 64 * 1024;

    /// <summary>Levels of nesting in a JSON body.</summary>
    public const int JsonDepth = 8;
}
