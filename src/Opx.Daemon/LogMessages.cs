using Microsoft.Extensions.Logging;

namespace Opx.Daemon;

/// <summary>What the daemon's log says, in one class: the generator writes several in an order that changes from build to build, and the same source
/// is to be the same program.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(Level = LogLevel.Error, Message = "request {RequestId} to {Path} failed: {Kind} {Frame}")]
    public static partial void RequestFailed(this ILogger log, string requestId, string path, string kind, string frame);

    [LoggerMessage(Level = LogLevel.Error, Message = "connection {ConnectionId} failed: {Kind}")]
    public static partial void ConnectionFailed(this ILogger log, string connectionId, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "the policy is invalid and every read is refused: {Fault}")]
    public static partial void PolicyInvalid(this ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "policy {File} is in force, {Rules} rules")]
    public static partial void PolicyInForce(this ILogger log, string file, int rules);

    [LoggerMessage(Level = LogLevel.Warning, Message = "there is no policy any more at {File}: every process of this user is allowed")]
    public static partial void PolicyGone(this ILogger log, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "policy: {Warning}")]
    public static partial void PolicyWarning(this ILogger log, string warning);
}
