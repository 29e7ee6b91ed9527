using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// Processes as libproc shows them. Not run on the machines this was written on. There is no handle on a process: the number together with
/// the start time stands for it, and everything is asked between two looks at that.
/// </summary>
internal sealed partial class MacOSProcesses : IProcessTable
{
    // sys/proc_info.h: struct proc_bsdinfo
    private const int BsdInfo = 3, BsdInfoSize = 136;
    private const int ParentId = 16, UserId = 20, RealUserId = 28, SavedUserId = 36, StartSeconds = 120, StartMicroseconds = 128;

    public IObservedProcess? OfPeer(SafeHandle connection, int processId) => Find(processId);

    public IObservedProcess? Find(int processId) =>
        processId > 0 && OriginOf(processId) is { } origin ? new MacOSProcess(processId, origin.StartTime) : null;

    private static unsafe ProcessOrigin? OriginOf(int processId)
    {
        Span<byte> info = stackalloc byte[BsdInfoSize];
        fixed (byte* bytes = info)
        {
            if (ProcessInfo(processId, BsdInfo, 0, bytes, BsdInfoSize) != BsdInfoSize)
                return null;
        }

        return new ProcessOrigin(
            BinaryPrimitives.ReadInt32LittleEndian(info[ParentId..]),
            (BinaryPrimitives.ReadUInt64LittleEndian(info[StartSeconds..]) * 1_000_000)
            + BinaryPrimitives.ReadUInt64LittleEndian(info[StartMicroseconds..]));
    }

    private sealed class MacOSProcess(int id, ulong started) : IObservedProcess
    {
        public int Id => id;

        public ProcessOrigin? Origin() => OriginOf(id) is { } origin && origin.StartTime == started ? origin : null;

        // The system tells the path of the file that runs and not its inode: what lies at the path now has to do.
        public FileStamp? Program() => ProgramPath() is { } path ? FileStamp.Of(path) : null;

        public unsafe string? ProgramPath()
        {
            const int size = 4 * 1024;
            var buffer = stackalloc byte[size];
            var length = ProcessPath(id, buffer, size);
            return length > 0 ? Still(Encoding.UTF8.GetString(buffer, length)) : null;
        }

        public SafeFileHandle? OpenProgram() => ProgramPath() is { } path ? File.OpenHandle(path) : null;

        public unsafe IReadOnlyList<string>? Arguments()
        {
            // KERN_PROCARGS2: the count, the path of the executable, padding, the arguments, each with its NUL, then the environment.
            const int kern = 1, procArgs2 = 49, most = 64 * 1024;
            var name = stackalloc int[] { kern, procArgs2, id };
            var buffer = new byte[most];
            nuint length = most;
            fixed (byte* bytes = buffer)
            {
                if (SystemControl(name, 3, bytes, &length, null, 0) != 0 || length < sizeof(int))
                    return null;
            }

            var count = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            var rest = buffer.AsSpan(sizeof(int), (int)length - sizeof(int));
            rest = rest[(rest.IndexOf((byte)0) + 1)..].TrimStart((byte)0);
            var arguments = new List<string>();
            while (arguments.Count < count && rest.IndexOf((byte)0) is >= 0 and var end)
            {
                arguments.Add(Encoding.UTF8.GetString(rest[..end]));
                rest = rest[(end + 1)..];
            }

            return Still(arguments);
        }

        public unsafe string? WorkingDirectory()
        {
            // struct proc_vnodepathinfo: two of struct vnode_info_path, the first is the working directory's.
            const int pathInfo = 9, size = 2_352, pathOffset = 152, pathSize = 1_024;
            Span<byte> info = new byte[size];
            fixed (byte* bytes = info)
            {
                if (ProcessInfo(id, pathInfo, 0, bytes, size) != size)
                    return null;
            }

            var path = info.Slice(pathOffset, pathSize);
            return path.IndexOf((byte)0) is > 0 and var end ? Still(Encoding.UTF8.GetString(path[..end])) : null;
        }

        public unsafe bool IsAnothers(uint user)
        {
            Span<byte> info = stackalloc byte[BsdInfoSize];
            fixed (byte* bytes = info)
            {
                return ProcessInfo(id, BsdInfo, 0, bytes, BsdInfoSize) == BsdInfoSize
                    && user != BinaryPrimitives.ReadUInt32LittleEndian(info[UserId..])
                    && user != BinaryPrimitives.ReadUInt32LittleEndian(info[RealUserId..])
                    && user != BinaryPrimitives.ReadUInt32LittleEndian(info[SavedUserId..]);
            }
        }

        public unsafe bool IsTraced()
        {
            // The first member holds the flags.
            const uint traced = 2;
            Span<byte> info = stackalloc byte[BsdInfoSize];
            fixed (byte* bytes = info)
            {
                return ProcessInfo(id, BsdInfo, 0, bytes, BsdInfoSize) != BsdInfoSize
                    || (BinaryPrimitives.ReadUInt32LittleEndian(info) & traced) != 0;
            }
        }

        // There are no mount namespaces, and chroot is root's.
        public bool SharesFileSystem() => true;

        public void Dispose()
        {
        }

        private T? Still<T>(T answer)
            where T : class => Origin() is null ? null : answer;
    }

    [LibraryImport("libproc", EntryPoint = "proc_pidinfo", SetLastError = true)]
    private static unsafe partial int ProcessInfo(int processId, int flavor, ulong argument, byte* buffer, int size);

    [LibraryImport("libproc", EntryPoint = "proc_pidpath", SetLastError = true)]
    private static unsafe partial int ProcessPath(int processId, byte* buffer, uint size);

    [LibraryImport("libc", EntryPoint = "sysctl", SetLastError = true)]
    private static unsafe partial int SystemControl(int* name, uint length, byte* old, nuint* oldLength, void* next, nuint nextLength);
}
