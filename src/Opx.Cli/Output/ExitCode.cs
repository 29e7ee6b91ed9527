using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>The exit codes that scripts rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Denied = 3;
    public const int NotFound = 4;
    public const int Locked = 5;
    public const int Unreachable = 6;
    public const int CannotExecute = 126;
    public const int CommandNotFound = 127;

    public static int Of(ErrorCode code) => code switch
    {
        ErrorCode.BadRequest or ErrorCode.UnsupportedRef or ErrorCode.UnsupportedFlag or ErrorCode.TooLarge => Usage,
        ErrorCode.AccessDenied or ErrorCode.PolicyInvalid or ErrorCode.PeerUnidentified => Denied,
        ErrorCode.NotFound or ErrorCode.Ambiguous => NotFound,
        ErrorCode.SessionLocked or ErrorCode.SignInRequired or ErrorCode.PromptDismissed => Locked,
        ErrorCode.RateLimited or ErrorCode.BackendError or ErrorCode.BackendUnavailable or ErrorCode.BackendTimeout => Unreachable,
        _ => Failed,
    };
}
