namespace Opx.Client;

/// <summary>The daemon closed a connection on which it had not begun to answer, because it stops: nothing was done, and its successor may be
/// asked. A connection that breaks off in any other way may have been worked on, and is not asked for again.</summary>
internal sealed class DaemonStoppedException(string message) : IOException(message);
