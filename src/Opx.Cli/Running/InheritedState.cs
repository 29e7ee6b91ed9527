using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>
/// What opx changes for its own safety, and the limits a runtime may have changed before <c>Main</c>: remembered at the start, put back
/// before another program takes over the process.
/// </summary>
internal sealed partial class InheritedState
{
    private const uint OwnMask = 0b000_111_111;
    private const int CoreLimit = 4;

    private readonly uint _mask;
    private readonly Limit? _core;

    private InheritedState(uint mask, Limit? core)
    {
        _mask = mask;
        _core = core;
    }

    /// <summary>Files for the owner alone, and no core file. Only the soft limit goes down: a hard one could not be put back.</summary>
    public static InheritedState TakeOver()
    {
        var mask = SetMask(OwnMask);
        if (GetLimit(CoreLimit, out var core) != 0)
            return new InheritedState(mask, null);
        var none = core with { Soft = Math.Min(ProcessLimits.NoCore, core.Hard) };
        SetLimit(CoreLimit, in none);
        return new InheritedState(mask, core);
    }

    public void PutBack()
    {
        _ = SetMask(_mask);
        if (_core is { } core)
            SetLimit(CoreLimit, in core);
        if (RuntimeFeature.IsDynamicCodeCompiled && OperatingSystem.IsLinux())
            LowerDescriptorLimit();
    }

    /// <summary>
    /// The JIT runtime (not the native one) raises the soft limit of descriptors to the hard one before <c>Main</c>, and keeps no note of
    /// what it was. The parent's is the best witness: the limit is inherited, and it differs only where somebody changed it between fork
    /// and exec. It is believed where it can be the whole story: same hard limit, and ours raised to it.
    /// </summary>
    private static void LowerDescriptorLimit()
    {
        const int descriptors = 7;
        if (GetLimit(descriptors, out var ours) == 0 && ours.Soft == ours.Hard
            && ProcessLimit(ParentProcessId(), descriptors, 0, out var parents) == 0
            && parents.Hard == ours.Hard && parents.Soft < ours.Soft)
        {
            SetLimit(descriptors, in parents);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int ProcessLimit(int processId, int resource, nint change, out Limit limit);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentProcessId();

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);
}
