namespace Opx.Protocol;

/// <summary>Every way a request can fail; on the wire in snake case, see <see cref="ErrorCodes.Name"/>.</summary>
public enum ErrorCode
{
    BadRequest,
    UnsupportedFlag,
    UnsupportedRef,
    Unauthorized,
    AccessDenied,
    PolicyInvalid,
    PeerUnidentified,
    NotFound,
    Ambiguous,
    TooLarge,
    SessionLocked,
    SignInRequired,
    PromptDismissed,
    RateLimited,
    BackendError,
    BackendUnavailable,
    BackendTimeout,
    Internal,
}

public static class ErrorCodes
{
    /// <summary>The code as it stands in <c>problem+json</c>, for example <c>not_found</c>.</summary>
    public static string Name(this ErrorCode code) => code switch
    {
        ErrorCode.BadRequest => "bad_request",
        ErrorCode.UnsupportedFlag => "unsupported_flag",
        ErrorCode.UnsupportedRef => "unsupported_ref",
        ErrorCode.Unauthorized => "unauthorized",
        ErrorCode.AccessDenied => "access_denied",
        ErrorCode.PolicyInvalid => "policy_invalid",
        ErrorCode.PeerUnidentified => "peer_unidentified",
        ErrorCode.NotFound => "not_found",
        ErrorCode.Ambiguous => "ambiguous",
        ErrorCode.TooLarge => "too_large",
        ErrorCode.SessionLocked => "session_locked",
        ErrorCode.SignInRequired => "sign_in_required",
        ErrorCode.PromptDismissed => "prompt_dismissed",
        ErrorCode.RateLimited => "rate_limited",
        ErrorCode.BackendError => "backend_error",
        ErrorCode.BackendUnavailable => "backend_unavailable",
        ErrorCode.BackendTimeout => "backend_timeout",
        _ => "internal",
    };

    /// <summary>The code of a name on the wire; null for a name this version does not know.</summary>
    public static ErrorCode? Parse(string? name)
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            if (code.Name() == name)
                return code;
        }

        return null;
    }

    /// <summary>The HTTP status that goes with the code.</summary>
    public static int Status(this ErrorCode code) => code switch
    {
        ErrorCode.BadRequest or ErrorCode.UnsupportedFlag or ErrorCode.UnsupportedRef => 400,
        ErrorCode.Unauthorized => 401,
        ErrorCode.AccessDenied or ErrorCode.PolicyInvalid or ErrorCode.PeerUnidentified => 403,
        ErrorCode.NotFound => 404,
        ErrorCode.Ambiguous => 409,
        ErrorCode.TooLarge => 413,
        ErrorCode.SessionLocked or ErrorCode.SignInRequired or ErrorCode.PromptDismissed => 423,
        ErrorCode.RateLimited => 429,
        ErrorCode.BackendError => 502,
        ErrorCode.BackendUnavailable => 503,
        ErrorCode.BackendTimeout => 504,
        _ => 500,
    };

    /// <summary>A short, fixed description: the <c>title</c> of the problem.</summary>
    public static string Title(this ErrorCode code) => code switch
    {
        ErrorCode.BadRequest => "The request is malformed",
        ErrorCode.UnsupportedFlag => "The flag is not supported",
        ErrorCode.UnsupportedRef => "The reference is not supported",
        ErrorCode.Unauthorized => "The token is missing or wrong",
        ErrorCode.AccessDenied => "Access is denied",
        ErrorCode.PolicyInvalid => "The policy file is invalid",
        ErrorCode.PeerUnidentified => "The calling process could not be identified",
        ErrorCode.NotFound => "Not found",
        ErrorCode.Ambiguous => "More than one item matches",
        ErrorCode.TooLarge => "Too large",
        ErrorCode.SessionLocked => "The session is locked",
        ErrorCode.SignInRequired => "The backend is not signed in",
        ErrorCode.PromptDismissed => "The prompt was dismissed",
        ErrorCode.RateLimited => "Too many requests",
        ErrorCode.BackendError => "The backend failed",
        ErrorCode.BackendUnavailable => "The backend is unavailable",
        ErrorCode.BackendTimeout => "The backend did not answer in time",
        _ => "Internal error",
    };
}
