using System.Collections.Concurrent;
using Opx.Model.Tests.Stepping;

namespace Opx.Daemon.Interop;

/// <summary>As the daemon's, of files that a history has in memory.</summary>
internal readonly record struct FileStamp(ulong Device, ulong Inode, long Size, Int128 Changed, uint Mode, uint Owner)
{
    public static FileStamp? OfItself(string path)
    {
        Fiber.Point();
        return VirtualFile.At(path)?.Stamp;
    }
}

/// <summary>A file in memory, with the time of its last change as its file system would have it.</summary>
internal sealed class VirtualFile : IDisposable
{
    private static readonly ConcurrentDictionary<string, VirtualFile> Files = new();
    private static long _number;

    public VirtualFile() => Files[Path] = this;

    public string Path { get; } = $"/h{Interlocked.Increment(ref _number)}/policy.json";

    /// <summary>Null where there is no file.</summary>
    public byte[]? Content { get; private set; }

    public FileStamp? Stamp { get; private set; }

    public static VirtualFile? At(string path) => Files.GetValueOrDefault(path);

    /// <param name="changed">The same for two contents where they follow one another too quickly for the file system's clock.</param>
    public void Put(byte[]? content, Int128 changed) =>
        (Content, Stamp) = (content, content is null ? null : new FileStamp(1, 1, content.Length, changed, 0x8180, 0));

    public void Dispose() => Files.TryRemove(Path, out _);
}
