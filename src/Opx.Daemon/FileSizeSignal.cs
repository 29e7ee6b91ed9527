using System.Runtime.InteropServices;

namespace Opx.Daemon;

/// <summary>Beyond a limit on the size of files the kernel sends SIGXFSZ, which ends a process. Taken here, the write fails instead, and whoever wrote
/// knows what to do. A handler, because what is ignored stays ignored in the programs that we start.</summary>
internal static class FileSizeSignal
{
    // On Linux and macOS alike; a number that is none of PosixSignal's is taken as the system's own.
    private const PosixSignal ExceedsFileSize = (PosixSignal)25;

    /// <returns>What ends it.</returns>
    public static IDisposable Take() => PosixSignalRegistration.Create(ExceedsFileSize, static context => context.Cancel = true);
}
