using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>Where a process comes from.</summary>
/// <param name="StartTime">In the system's own unit; only good for comparing. It does not change with <c>exec</c>.</param>
internal readonly record struct ProcessOrigin(int ParentId, ulong StartTime);

/// <summary>
/// One process, held so that its number cannot come to mean another: once it is gone, everything answers null. No answer is kept; each is
/// what holds now.
/// </summary>
internal interface IObservedProcess : IDisposable
{
    int Id { get; }

    ProcessOrigin? Origin();

    /// <summary>The file that runs, and not whatever lies at its path by now.</summary>
    FileStamp? Program();

    /// <summary>
    /// Where the system says that file lies. That is a claim: in another mount namespace, or for a file that is gone, it is wrong.
    /// </summary>
    string? ProgramPath();

    /// <summary>The file that runs, open for reading. May block.</summary>
    SafeFileHandle? OpenProgram();

    /// <summary>The argument list, which the process itself may have rewritten. May block.</summary>
    IReadOnlyList<string>? Arguments();

    string? WorkingDirectory();

    /// <summary>True where no user id of it is that user's: nothing that the user started, but for what root then gave away.</summary>
    bool IsAnothers(uint user);

    /// <summary>True while another process debugs it, and so may do in its name what it likes; also where that cannot be told.</summary>
    bool IsTraced();

    /// <summary>True where a path means the same file to the process and to us.</summary>
    bool SharesFileSystem();
}

/// <summary>The system's processes.</summary>
internal interface IProcessTable
{
    /// <summary>The process that made the connection; null where it is gone or the system does not say.</summary>
    IObservedProcess? OfPeer(SafeHandle connection, int processId);

    IObservedProcess? Find(int processId);
}
