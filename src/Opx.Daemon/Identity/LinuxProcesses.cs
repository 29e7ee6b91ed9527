using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// Processes as <c>/proc</c> shows them. An open <c>/proc/PID</c> belongs to the process it was opened for: when the number goes to another
/// one, the old directory stays empty.
/// </summary>
internal sealed partial class LinuxProcesses : IProcessTable
{
    private const int LongestPath = 4_096;
    private const int MostArguments = 64 * 1024;

    public IObservedProcess? OfPeer(SafeHandle connection, int processId)
    {
        using var held = PeerDescriptor(connection, out var supported);
        if (supported && held is null)
            return null;
        // A number that stayed taken until after the directory was open cannot have changed hands in between. Before Linux 6.5 there is no
        // such descriptor: a process that ended between connect and accept may then have been followed by another.
        var process = Find(processId);
        if (process is null || held is null || IsAlive(held))
            return process;
        process.Dispose();
        return null;
    }

    public IObservedProcess? Find(int processId)
    {
        if (processId <= 0)
            return null;
        var directory = Open(CurrentDirectory, $"/proc/{processId}", OpenPath | CloseOnExec);
        return directory.IsInvalid ? null : new LinuxProcess(processId, directory);
    }

    private static SafeFileHandle? PeerDescriptor(SafeHandle connection, out bool supported)
    {
        const int solSocket = 1, soPeerPidfd = 77, noProtocolOption = 92;
        var (descriptor, size) = (-1, (uint)sizeof(int));
        var result = GetOption(connection, solSocket, soPeerPidfd, ref descriptor, ref size);
        supported = result == 0 || Marshal.GetLastPInvokeError() != noProtocolOption;
        return result == 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    private static unsafe bool IsAlive(SafeFileHandle descriptor)
    {
        // A pidfd becomes readable when its process ends.
        const short readable = 1;
        var entry = new PollEntry { Descriptor = (int)descriptor.DangerousGetHandle(), Events = readable };
        return Poll(&entry, 1, 0) == 0;
    }

    private sealed class LinuxProcess(int id, SafeFileHandle directory) : IObservedProcess
    {
        private SafeFileHandle? _stat;

        public int Id => id;

        public ProcessOrigin? Origin()
        {
            // Kept open: read from its beginning, it is written anew.
            _stat ??= Open(directory, "stat", CloseOnExec);
            Span<byte> line = stackalloc byte[1_024];
            return Read(_stat, line) is > 0 and var length ? ProcStat.Parse(line[..length]) : null;
        }

        public FileStamp? Program() => FileStamp.At(directory, "exe");

        public string? ProgramPath() => Link("exe");

        public string? WorkingDirectory() => Link("cwd");

        public SafeFileHandle? OpenProgram() => Open(directory, "exe", CloseOnExec) is { IsInvalid: false } file ? file : null;

        public IReadOnlyList<string>? Arguments()
        {
            using var file = Open(directory, "cmdline", CloseOnExec);
            var bytes = new byte[MostArguments];
            var length = 0;
            while (length < bytes.Length && Read(file, bytes.AsSpan(length), length) is > 0 and var count)
                length += count;
            // Cut off at the end of the buffer, the last word may be part of one; nobody needs words so far behind.
            return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0').Split('\0');
        }

        public bool IsAnothers(uint user) =>
            ProcStatus.UserIds(Status(stackalloc byte[1_024])) is { } ids && !ids.Contains(user);

        public bool IsTraced() => ProcStatus.Tracer(Status(stackalloc byte[1_024])) != 0;

        public bool SharesFileSystem() =>
            FileStamp.At(directory, "ns/mnt") is { } mounts && FileStamp.Of("/proc/self/ns/mnt") is { } ours && mounts.IsSameFile(ours)
            && FileStamp.At(directory, "root") is { } root && FileStamp.Of("/") is { } ourRoot && root.IsSameFile(ourRoot);

        public void Dispose()
        {
            _stat?.Dispose();
            directory.Dispose();
        }

        private unsafe string? Link(string name)
        {
            var buffer = stackalloc byte[LongestPath];
            var length = ReadLinkAt(directory, name, buffer, LongestPath);
            return length is > 0 and < LongestPath ? Encoding.UTF8.GetString(buffer, (int)length) : null;
        }

        private ReadOnlySpan<byte> Status(Span<byte> buffer)
        {
            using var file = Open(directory, "status", CloseOnExec);
            return Read(file, buffer) is > 0 and var length ? buffer[..length] : [];
        }

        private static unsafe int Read(SafeFileHandle file, Span<byte> into, long offset = 0)
        {
            if (file.IsInvalid)
                return -1;
            fixed (byte* bytes = into)
                return (int)PRead(file, bytes, (nuint)into.Length, offset);
        }
    }
}
