namespace Opx.Client;

/// <summary>There is no daemon to talk to, or what answers is not to be trusted with the token.</summary>
/// <param name="message">One line: what happened and what to do.</param>
/// <param name="notRunning">True where nothing listens and none may be started; false for everything else.</param>
public sealed class DaemonUnreachableException(string message, bool notRunning) : Exception(message)
{
    public bool NotRunning { get; } = notRunning;
}
