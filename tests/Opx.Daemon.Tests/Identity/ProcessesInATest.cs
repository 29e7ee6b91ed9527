using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Identity;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Tests.Identity;

/// <summary>Processes that a test makes up, and that can change while somebody looks at them.</summary>
internal sealed class ProcessesInATest : IProcessTable
{
    private readonly Dictionary<int, Made> _processes = [];

    /// <summary>Called before the process of that number is looked up.</summary>
    public Action<int> BeforeFind { get; set; } = _ => { };

    public Made Add(int id, int parent, string? path, ulong started = 100) =>
        _processes[id] = new Made(id, parent, path) { Started = started };

    public void Remove(int id) => _processes.Remove(id);

    public IObservedProcess? OfPeer(SafeHandle connection, int processId) => Find(processId);

    public IObservedProcess? Find(int processId)
    {
        BeforeFind(processId);
        return _processes.GetValueOrDefault(processId);
    }

    internal sealed class Made(int id, int parent, string? path) : IObservedProcess
    {
        public int Parent { get; set; } = parent;

        public ulong Started { get; set; }

        public string? Path { get; set; } = path;

        public uint UserId { get; set; } = 1000;

        public bool IsGone { get; set; }

        public int Disposed { get; private set; }

        public string[]? Words { get; set; }

        public Action BeforeArguments { get; set; } = () => { };

        public int Id => id;

        public ProcessOrigin? Origin() => IsGone ? null : new ProcessOrigin(Parent, Started);

        public FileStamp? Program() => IsGone || Path is null ? null : Seen ?? FileStamp.Of(Path) ?? new FileStamp(0, (ulong)id, 0, 0, 0, 0);

        public string? ProgramPath() => IsGone ? null : Path;

        public SafeFileHandle? OpenProgram() => File.OpenHandle(Path!);

        public IReadOnlyList<string>? Arguments()
        {
            BeforeArguments();
            return Words;
        }

        public string? WorkingDirectory() => "/";

        public bool IsAnothers(uint user) => user != UserId;

        public bool Traced { get; set; }

        public bool IsTraced() => Traced;

        public FileStamp? Seen { get; set; }

        public bool SharesFileSystem() => true;

        public void Dispose() => Disposed++;
    }
}
