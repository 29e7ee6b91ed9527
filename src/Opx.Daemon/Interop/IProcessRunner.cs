using Opx.Daemon.Secrets;

namespace Opx.Daemon.Interop;

/// <summary>Runs a program to its end and hands over what it printed.</summary>
internal interface IProcessRunner
{
    /// <summary>
    /// Every way a process can end is a result. Cancellation kills the process and all of its group, and ends the call once they are gone.
    /// </summary>
    Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellation);
}

/// <param name="Path">The program, absolute.</param>
/// <param name="Arguments">What follows the program's own name.</param>
/// <param name="Environment">All of the environment.</param>
/// <param name="OutputLimit">Bytes of standard output; more ends the process.</param>
/// <param name="ErrorLimit">Bytes of standard error that are kept; more is read and dropped.</param>
internal sealed record ProcessCommand(
    string Path,
    IReadOnlyList<string> Arguments,
    IReadOnlyCollection<KeyValuePair<string, string>> Environment,
    int OutputLimit,
    int ErrorLimit = 64 * 1024)
{
    /// <summary>Without the environment, which holds tokens.</summary>
    public override string ToString() => $"{System.IO.Path.GetFileName(Path)} {string.Join(' ', Arguments)}";
}

internal enum ProcessEnd
{
    /// <summary>By itself; <see cref="ProcessResult.Code"/> is the exit status.</summary>
    Exited,

    /// <summary>By a signal that was not ours; the code is its number.</summary>
    Signalled,

    /// <summary>Killed, because the caller cancelled.</summary>
    Cancelled,

    /// <summary>Killed, because it printed more than the limit.</summary>
    TooMuchOutput,

    /// <summary>It never ran; the code is the error number.</summary>
    NotStarted,
}

/// <summary>How a process ended, and what it printed, which may be secret: to be disposed of.</summary>
internal sealed class ProcessResult(ProcessEnd end, int code, SecretBuffer output, SecretBuffer errors) : IDisposable
{
    public ProcessEnd End { get; } = end;

    public int Code { get; } = code;

    public bool Succeeded => End == ProcessEnd.Exited && Code == 0;

    public SecretBuffer Output { get; } = output;

    public SecretBuffer Errors { get; } = errors;

    public static ProcessResult NotStarted(int error) => new(ProcessEnd.NotStarted, error, new SecretBuffer(), new SecretBuffer());

    public void Dispose()
    {
        Output.Dispose();
        Errors.Dispose();
    }
}
