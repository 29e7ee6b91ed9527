using System.Text;
using Opx.Daemon.Interop;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>One call of <c>op</c> each, with up to two more tries where the failure may pass. Throws only when cancelled.</summary>
internal sealed class OpCalls(OpCommands commands, IProcessRunner runner, CallCounter counter, TimeProvider clock)
{
    /// <summary>It ended well, and has no value for the reference.</summary>
    public static readonly BackendFailure Unresolved = new(ErrorCode.BackendError,
        "op gave no value for this reference, and no reason: run 'op read' with it to see why");

    private const int MoreTries = 2;

    // Messages are short; what is longer is not a message.
    private const int MessageBytes = 8 * 1024;

    public async Task<(SecretValue? Value, OpFailure? Failure)> ReadAsync(
        string? account, OpReference reference, CancellationToken cancellation)
    {
        var (result, failure) = await TryAsync(commands.Read(account, reference), [reference], cancellation);
        using (result)
            return result is null ? (null, failure) : Value(result.Output.Bytes, reference);
    }

    /// <summary>Values in the order of the references; null for one that <c>op</c> has not resolved.</summary>
    public async Task<(SecretValue?[]? Values, OpFailure? Failure)> RunAsync(
        string? account, IReadOnlyList<OpReference> references, CancellationToken cancellation)
    {
        var variables = new BatchVariables(references);
        var (result, failure) = await TryAsync(commands.Run(account, variables), references, cancellation);
        using (result)
        {
            if (result is null)
                return (null, failure);
            return variables.Parse(result.Output.Bytes) is { } values ? (values, null) : (null, Truncated());
        }
    }

    /// <summary>Null where somebody is signed in.</summary>
    public async Task<BackendFailure?> WhoAmIAsync(string? account, CancellationToken cancellation)
    {
        using var result = await runner.RunAsync(commands.WhoAmI(account), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result.Succeeded ? null : Explain(result, []).Failure;
    }

    private static (SecretValue?, OpFailure?) Value(ReadOnlySpan<byte> output, OpReference reference)
    {
        // Exactly the newline that op adds: those before it belong to the value, and without it the value is not whole.
        if (output is not [.. var value, (byte)'\n'])
            return (null, Truncated());
        return reference.IsEchoedBy(value) ? (null, new OpFailure(Unresolved, OpFailureScope.Reference)) : (SecretValue.CopyOf(value), null);
    }

    private static OpFailure Truncated() => Unspecific("op ended well but its output is not complete: try again");

    private static OpFailure Unspecific(string detail, OpFailureScope scope = OpFailureScope.Reference) =>
        new(new BackendFailure(ErrorCode.BackendError, detail), scope);

    private async Task<(ProcessResult? Result, OpFailure? Failure)> TryAsync(
        ProcessCommand command, IReadOnlyList<OpReference> references, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            counter.Count(references.Count);
            var result = await runner.RunAsync(command, cancellation);
            // A result that came in spite of the cancellation is as good as any.
            if (result.Succeeded)
                return (result, null);
            using (result)
            {
                cancellation.ThrowIfCancellationRequested();
                var failure = Explain(result, references);
                if (!failure.IsPassing || attempt == MoreTries)
                    return (null, failure);
            }

            var pause = TimeSpan.FromMilliseconds((attempt + 1) * Random.Shared.Next(100, 300));
            await Task.Delay(pause, clock, cancellation);
        }
    }

    private static OpFailure Explain(ProcessResult result, IReadOnlyList<OpReference> references) => result.End switch
    {
        ProcessEnd.NotStarted => NotStarted(result.Code),
        ProcessEnd.Signalled => Unspecific($"op was killed by signal {result.Code}: try again", OpFailureScope.Everybody),
        ProcessEnd.TooMuchOutput => new OpFailure(
            new BackendFailure(ErrorCode.TooLarge, $"the value is larger than {Limits.ValueBytes / 1024 / 1024} MiB"),
            references.Count == 1 ? OpFailureScope.Reference : OpFailureScope.Amount),
        _ => OpMessages.Explain(
            Encoding.UTF8.GetString(result.Errors.Bytes[..Math.Min(result.Errors.Length, MessageBytes)]), references, result.Code),
    };

    private static OpFailure NotStarted(int error) => error switch
    {
        Errno.TooBig => Unspecific("the references, or the daemon's environment, are too large for one call of op", OpFailureScope.Amount),
        Errno.NoEntry or Errno.NotDirectory => Unusable("is gone"),
        Errno.Access or Errno.IsDirectory or Errno.NotExecutable => Unusable("cannot be executed"),
        _ => new OpFailure(
            new BackendFailure(ErrorCode.BackendUnavailable,
                $"op cannot be started ({System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}): try again"),
            OpFailureScope.Everybody, IsPassing: true),
    };

    private static OpFailure Unusable(string what) => new(
        new BackendFailure(ErrorCode.BackendUnavailable,
            $"the 1Password CLI {what}: install it or set {EnvironmentNames.OpPath}, then run 'opx daemon restart'"),
        OpFailureScope.Everybody);
}
