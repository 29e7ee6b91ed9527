using System.Runtime.InteropServices;

namespace Opx.Cli.Running;

/// <summary>
/// The signals that were ignored when opx began, and the mask of its main thread. Both go on into a program that replaces this one, so
/// both have to be what they would be without opx.
/// </summary>
/// <remarks>
/// The runtime gets SIGPIPE ignored before <c>Main</c> and takes SIGFPE, SIGSEGV and one real-time signal for itself. SIGPIPE therefore
/// goes back to its default. A handler is reset to the default by the kernel on exec: whether one of those three was ignored on entry
/// cannot be known any more, and nobody who ignores them can expect much. <c>nohup</c> (SIGHUP) and a shell's background jobs (SIGINT,
/// SIGQUIT) come through.
/// </remarks>
internal sealed partial class SignalState
{
    private const int BrokenPipe = 13;
    private const int Last = 64;
    private const nint Default = 0;
    private const nint Ignore = 1;

    private readonly bool[] _ignored = new bool[Last + 1];
    private readonly byte[] _mask = new byte[LargestSet];

    // glibc's sigset_t; the kernel's is shorter, macOS's too. A struct sigaction begins with the handler and is at most 24 bytes longer
    // than its set.
    private const int LargestSet = 128;

    private SignalState()
    {
    }

    /// <summary>Called on the main thread, before anything else has a reason to touch a signal.</summary>
    public static SignalState Remember()
    {
        var state = new SignalState();
        for (var signal = 1; signal <= Last; signal++)
            state._ignored[signal] = signal != BrokenPipe && Disposition(signal) == Ignore;
        ThreadMask(0, [], state._mask);
        return state;
    }

    /// <summary>Was the signal of this number ignored when opx began?</summary>
    public bool IsIgnored(int signal) => _ignored[signal];

    /// <summary>Called on the main thread right before exec. Signals that have a handler are left alone: the runtime's own still work
    /// until then.</summary>
    public void PutBack()
    {
        for (var signal = 1; signal <= Last; signal++)
        {
            var isIgnored = Disposition(signal) == Ignore;
            if (_ignored[signal] && !isIgnored)
                SetDisposition(signal, Ignore);
            else if (!_ignored[signal] && isIgnored)
                SetDisposition(signal, Default);
        }

        var set = OperatingSystem.IsMacOS() ? 3 : 2;
        ThreadMask(set, _mask, []);
    }

    private static nint Disposition(int signal)
    {
        Span<nint> action = stackalloc nint[(LargestSet + 24) / 8];
        return Action(signal, 0, action) == 0 ? action[0] : Default;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Action(int signal, nint change, Span<nint> current);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDisposition(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int ThreadMask(int how, ReadOnlySpan<byte> set, Span<byte> previous);
}
