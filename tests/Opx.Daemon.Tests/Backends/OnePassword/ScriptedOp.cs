using System.Text;
using Opx.Daemon.Interop;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Tests.Backends.OnePassword;

/// <summary>An <c>op</c> without processes: what each reference gives, and how the next calls go wrong.</summary>
internal sealed class ScriptedOp : IProcessRunner
{
    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, string> _errors = [];
    private readonly Queue<Func<ProcessResult>> _next = new();
    private readonly TaskCompletionSource _hung = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The references of each call, in order.</summary>
    public List<string[]> Calls { get; } = [];

    public List<ProcessCommand> Commands { get; } = [];

    /// <summary>Ends once a call hangs.</summary>
    public Task Hung => _hung.Task;

    /// <summary>Calls from this one on hang until they are cancelled.</summary>
    public int HangFrom { get; set; } = int.MaxValue;

    /// <summary>More bytes of values than this do not fit into one <c>op run</c>.</summary>
    public int MostBytes { get; set; } = int.MaxValue;

    public ScriptedOp Give(string reference, string value)
    {
        _values[reference] = value;
        return this;
    }

    public ScriptedOp Give(IEnumerable<string> references)
    {
        foreach (var reference in references)
            _values[reference] = "value of " + reference;
        return this;
    }

    /// <summary>A call with this reference fails with this message.</summary>
    public ScriptedOp Fail(string reference, string message)
    {
        _errors[reference] = message;
        return this;
    }

    /// <summary>The next call ends like this.</summary>
    public ScriptedOp Next(Func<ProcessResult> result)
    {
        _next.Enqueue(result);
        return this;
    }

    public ScriptedOp Next(ProcessEnd end, int code) => Next(() => new ProcessResult(end, code, new SecretBuffer(), new SecretBuffer()));

    public ScriptedOp NextMessage(string message) => Next(() => Message(message));

    public async Task<ProcessResult> RunAsync(ProcessCommand command, CancellationToken cancellation)
    {
        Commands.Add(command);
        var asked = command.Arguments[0] == "read"
            ? [new("", command.Arguments[^1])]
            : command.Environment.Where(variable => variable.Key.StartsWith("OPX_")).ToArray();
        Calls.Add([.. asked.Select(variable => variable.Value)]);
        if (Calls.Count >= HangFrom)
        {
            _hung.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            return new ProcessResult(ProcessEnd.Cancelled, 0, new SecretBuffer(), new SecretBuffer());
        }

        if (_next.TryDequeue(out var next))
            return next();
        foreach (var variable in asked)
        {
            if (_errors.TryGetValue(variable.Value, out var error))
                return Message(error);
        }

        if (command.Arguments[0] == "run" && asked.Sum(variable => _values[variable.Value].Length) > MostBytes)
            return Message("fork/exec /usr/bin/env: argument list too long");
        return Output(command.Arguments[0] == "read"
            ? _values[asked[0].Value] + "\n"
            : string.Concat(asked.Select(variable => $"{variable.Key}={_values[variable.Value]}\0")));
    }

    public static ProcessResult Output(string output)
    {
        var buffer = new SecretBuffer();
        buffer.Append(Encoding.UTF8.GetBytes(output));
        return new ProcessResult(ProcessEnd.Exited, 0, buffer, new SecretBuffer());
    }

    private static ProcessResult Message(string message)
    {
        var errors = new SecretBuffer();
        errors.Append(Encoding.UTF8.GetBytes($"[ERROR] 2026/11/22 00:41:07 {message}\n"));
        return new ProcessResult(ProcessEnd.Exited, 1, new SecretBuffer(), errors);
    }
}
