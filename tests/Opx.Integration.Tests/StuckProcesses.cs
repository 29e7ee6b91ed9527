using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Identity;
using Opx.Daemon.Interop;
using Opx.Protocol.Interop;

namespace Opx.Integration.Tests;

/// <summary>The system's processes, but for those that connect while it is said so: they are shells whose arguments nobody gets to see.</summary>
internal sealed class StuckProcesses : IProcessTable, IDisposable
{
    private readonly LinuxProcesses _real = new LinuxProcesses();
    private readonly SemaphoreSlim _blocked = new(0);
    private readonly ManualResetEventSlim _released = new();
    private volatile bool _newcomersAreStuck;

    public static string Shell { get; } = RealPath.Of("/bin/sh")!;

    public void StickNewcomers(bool stick) => _newcomersAreStuck = stick;

    /// <summary>Completes when so many threads are stuck.</summary>
    public async Task StuckAsync(int threads)
    {
        for (var i = 0; i < threads; i++)
            Assert.True(await _blocked.WaitAsync(TestKit.RawClient.Patience), "no thread is stuck");
    }

    public void Release() => _released.Set();

    public void Dispose()
    {
        _blocked.Dispose();
        _released.Dispose();
    }

    public IObservedProcess? OfPeer(SafeHandle connection, int processId) =>
        _newcomersAreStuck ? new Stuck(this, processId) : _real.OfPeer(connection, processId);

    public IObservedProcess? Find(int processId) => _real.Find(processId);

    private sealed class Stuck(StuckProcesses all, int id) : IObservedProcess
    {
        public int Id => id;

        public ProcessOrigin? Origin() => new ProcessOrigin(1, 1);

        public FileStamp? Program() => FileStamp.Of(Shell);

        public string? ProgramPath() => Shell;

        public SafeFileHandle? OpenProgram() => null;

        public IReadOnlyList<string>? Arguments()
        {
            all._blocked.Release();
            all._released.Wait();
            return null;
        }

        public string? WorkingDirectory() => null;

        public bool IsAnothers(uint user) => false;

        public bool IsTraced() => false;

        public bool SharesFileSystem() => true;

        public void Dispose()
        {
        }
    }
}
