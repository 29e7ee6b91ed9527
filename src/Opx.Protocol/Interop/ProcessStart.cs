using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>
/// <c>posix_spawn</c>: a program by absolute path in a process group of its own, with every signal as a fresh login shell would have it and
/// with no descriptor but those that are named.
/// </summary>
/// <remarks>
/// Not <c>Process.Start</c>, which has no process groups, hands on that the runtime ignores SIGPIPE, installs a SIGCHLD handler and makes
/// strings of what it reads.
/// </remarks>
public sealed unsafe partial class ProcessStart : IDisposable
{
    // spawn.h; the same numbers on Linux and macOS.
    private const short SetProcessGroup = 0x02;
    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;

    // macOS: everything that the file actions do not name is closed.
    private const short CloseOnExecByDefault = 0x4000;

    private const int LastSignal = 31;

    // Larger than sigset_t (128, 4), posix_spawnattr_t (336, 8) and posix_spawn_file_actions_t (80, 8) on either system.
    private const int Opaque = 512;

    private readonly byte* _attributes = (byte*)NativeMemory.AllocZeroed(Opaque);
    private readonly byte* _actions = (byte*)NativeMemory.AllocZeroed(Opaque);

    // Of the first call that failed; then nothing is started.
    private int _error;

    /// <summary>In a process group of its own, every signal at its default.</summary>
    public ProcessStart()
        : this(ownGroup: true, _ => false)
    {
    }

    /// <summary>In our own process group, for a program that stands for this one: signals that were ignored stay ignored.</summary>
    /// <param name="isIgnored">By the signal's number.</param>
    public ProcessStart(Func<int, bool> isIgnored)
        : this(ownGroup: false, isIgnored)
    {
    }

    private ProcessStart(bool ownGroup, Func<int, bool> isIgnored)
    {
        Keep(InitializeAttributes(_attributes));
        Keep(InitializeActions(_actions));
        var signals = stackalloc byte[Opaque];
        // All bits rather than sigfillset, which leaves out the two signals of glibc's own, and posix_spawn then has the child ignore them.
        new Span<byte>(signals, Opaque).Fill(0xff);
        for (var signal = 1; signal <= LastSignal; signal++)
        {
            if (isIgnored(signal))
                signals[(signal - 1) / 8] &= (byte)~(1 << ((signal - 1) % 8));
        }

        Keep(SetDefault(_attributes, signals));
        new Span<byte>(signals, Opaque).Clear();
        Keep(SetMask(_attributes, signals));
        Keep(SetGroup(_attributes, 0));
        var flags = (short)(SetDefaultSignals | SetSignalMask | (ownGroup ? SetProcessGroup : 0));
        Keep(SetFlags(_attributes, OperatingSystem.IsMacOS() ? (short)(flags | CloseOnExecByDefault) : flags));
    }

    /// <summary>The child's descriptor is this file.</summary>
    public void Open(int descriptor, string path, int flags, uint mode = 0) => Keep(AddOpen(_actions, descriptor, path, flags, mode));

    /// <summary>The child's descriptor is another of ours or, by now, of its own.</summary>
    public void Duplicate(int from, int to) => Keep(AddDuplicate(_actions, from, to));

    /// <summary>The child's working directory, where the system can (glibc 2.29, musl 1.1.24, macOS 10.15).</summary>
    public void ChangeDirectory(string path) => Optional(() => AddDirectory(_actions, path));

    /// <summary>Closes in the child what was inherited from this descriptor on, where the system can (glibc 2.34; macOS does so anyway).</summary>
    public void CloseFrom(int first)
    {
        if (!OperatingSystem.IsMacOS())
            Optional(() => AddCloseFrom(_actions, first));
    }

    /// <summary>Starts the program.</summary>
    /// <returns>0, or an error number.</returns>
    public int Start(string path, byte** arguments, byte** environment, out int processId)
    {
        var started = 0;
        var error = _error != 0 ? _error : PosixSpawn(&started, path, _actions, _attributes, arguments, environment);
        processId = started;
        return error;
    }

    public void Dispose()
    {
        _ = DestroyActions(_actions);
        _ = DestroyAttributes(_attributes);
        NativeMemory.Free(_actions);
        NativeMemory.Free(_attributes);
    }

    private void Keep(int error) => _error = _error != 0 ? _error : error;

    private static void Optional(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (EntryPointNotFoundException)
        {
            // An older system: whoever is started sees to it.
        }
    }
}
