using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.DropIn;

/// <summary>Runs a command whose output goes through a <see cref="Masker"/>: a child in our own process group, with our standard input, whose
/// end is ours. What a terminal sends to the group it gets by itself; other signals are handed on.</summary>
internal sealed partial class MaskedRun(IReadOnlyList<byte[]> secrets)
{
    // signal.h; .NET takes a number for what it has no name for.
    private static readonly int User1 = OperatingSystem.IsMacOS() ? 30 : 10;
    private static readonly int User2 = OperatingSystem.IsMacOS() ? 31 : 12;

    private static readonly PosixSignal[] HandedOn =
    [
        PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGCONT, PosixSignal.SIGWINCH,
        (PosixSignal)User1, (PosixSignal)User2,
    ];

    private volatile int _child;

    public unsafe int Run(IReadOnlyList<byte[]> words, IReadOnlyList<byte[]> environment, InheritedState inherited, SignalState signals)
    {
        var program = Find(words[0], environment)
            ?? throw new FailureException(ExitCode.CommandNotFound, $"cannot find the command '{Printable.Text(Encoding.UTF8.GetString(words[0]))}'");
        using var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var errors = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        using var arguments = new NativeStrings(words);
        using var variables = new NativeStrings(environment);
        using var start = new ProcessStart(signals.IsIgnored);
        start.Duplicate((int)output.ClientSafePipeHandle.DangerousGetHandle(), StandardStreams.Output);
        start.Duplicate((int)errors.ClientSafePipeHandle.DangerousGetHandle(), StandardStreams.Error);
        var handlers = HandedOn.Where(signal => !signals.IsIgnored(Number(signal)))
            .Select(signal => PosixSignalRegistration.Create(signal, HandOn)).ToList();
        SystemTrustStore.Restore();
        inherited.PutBack();
        var error = start.Start(program, arguments.Pointer, variables.Pointer, out var processId);
        InheritedState.TakeOver();
        if (error != 0)
            throw new FailureException(ExitCode.CannotExecute, $"cannot execute '{Printable.Text(program)}': {Marshal.GetPInvokeErrorMessage(error)}");
        _child = processId;
        output.DisposeLocalCopyOfClientHandle();
        errors.DisposeLocalCopyOfClientHandle();

        var other = new Thread(() => Pump(errors, StandardStreams.Error), 256 * 1024);
        other.Start();
        Pump(output, StandardStreams.Output);
        other.Join();
        var exitCode = ExitStatus.Of(processId);
        handlers.ForEach(handler => handler.Dispose());
        return exitCode;
    }

    private void Pump(AnonymousPipeServerStream from, int to)
    {
        var canWrite = true;
        var masker = new Masker(secrets, bytes => canWrite &= StandardStreams.TryWrite(to, bytes) == 0);
        var buffer = new byte[16 * 1024];
        for (int count; (count = from.Read(buffer)) > 0;)
        {
            masker.Push(buffer.AsSpan(0, count));
            // A reader that has gone away: so that the child learns of it as without us, its pipe is closed too.
            if (!canWrite)
                break;
        }

        masker.End();
        SecretBytes.Wipe(buffer);
        if (!canWrite)
            from.Dispose();
    }

    private void HandOn(PosixSignalContext signal)
    {
        signal.Cancel = true;
        // The terminal sends these to the whole group.
        var fromTerminal = signal.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT or PosixSignal.SIGWINCH or PosixSignal.SIGCONT
            && StandardStreams.IsTerminal(StandardStreams.Input);
        if (!fromTerminal && _child > 0)
            _ = Kill(_child, Number(signal.Signal));
    }

    // signal.h; those that differ between the systems first.
    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGCONT => OperatingSystem.IsMacOS() ? 19 : 18,
        PosixSignal.SIGWINCH => 28,
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };

    /// <summary>As execvp looks for it, in the child's own PATH.</summary>
    private static string? Find(byte[] name, IReadOnlyList<byte[]> environment)
    {
        var text = Encoding.UTF8.GetString(name);
        if (text.Contains('/'))
            return text;
        var path = ChildEnvironment.Value(environment, EnvironmentNames.Path) is { } value ? Encoding.UTF8.GetString(value) : "/bin:/usr/bin";
        return path.Split(':').Select(directory => Path.Combine(directory.Length == 0 ? "." : directory, text)).FirstOrDefault(ProgramSearch.IsExecutable);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
