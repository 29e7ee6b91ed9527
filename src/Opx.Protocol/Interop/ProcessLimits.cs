using System.Runtime.InteropServices;

namespace Opx.Protocol.Interop;

/// <summary>What a process says of itself before it touches anything secret: new files are private, and a crash writes no core file.</summary>
public static partial class ProcessLimits
{
    private const int Core = 4;

    private static readonly int Descriptors = OperatingSystem.IsMacOS() ? 8 : 7;

    /// <summary>
    /// The limit that means "none": too small for any core file, and one that the kernel also keeps to where core files go to a program's
    /// pipe (<c>/proc/sys/kernel/core_pattern</c>), for which a limit of 0 counts as no limit: core(5).
    /// </summary>
    public const ulong NoCore = 1;

    /// <summary>New files and directories are for their owner only, whatever a caller's mode says.</summary>
    /// <returns>The mask that was in force.</returns>
    public static uint PrivateUmask() => Umask(0x3F);

    /// <summary>Sets the mask of permissions that new files do not get, and gives the one before.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint Umask(uint mask);

    /// <summary>No core file. The hard limit stays, so that a program we become can have its own limit back.</summary>
    /// <param name="limit">0 does for a process that is not dumpable, and is what people look for.</param>
    /// <returns>The soft and the hard limit that were in force.</returns>
    public static (ulong Soft, ulong Hard) NoCoreFile(ulong limit = NoCore)
    {
        GetLimit(Core, out var before);
        var none = before with { Soft = Math.Min(limit, before.Hard) };
        SetLimit(Core, in none);
        return (before.Soft, before.Hard);
    }

    public static void SetCoreLimit((ulong Soft, ulong Hard) limit) => SetLimit(Core, new Limit(limit.Soft, limit.Hard));

    /// <summary>As many descriptors as the system lets this process have.</summary>
    public static void RaiseOpenFiles() => Raise(Descriptors);

    /// <summary>How many descriptors this process may have.</summary>
    public static ulong OpenFiles() => GetLimit(Descriptors, out var limit) == 0 ? limit.Soft : 0;

    /// <summary>As much memory that is not swapped as the system lets this process have.</summary>
    public static void RaiseLockedMemory() => Raise(OperatingSystem.IsMacOS() ? 6 : 8);

    private static void Raise(int resource)
    {
        if (GetLimit(resource, out var limit) == 0 && limit.Soft < limit.Hard)
            SetLimit(resource, limit with { Soft = limit.Hard });
    }

    private readonly record struct Limit(ulong Soft, ulong Hard);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);
}
