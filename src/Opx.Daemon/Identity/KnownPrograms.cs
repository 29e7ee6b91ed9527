using System.Collections.Concurrent;
using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// Programs whose path is known to be theirs. The kernel tells a path as it is in the process's own mount namespace, and everybody can make
/// one with any file at any path: what counts is that the file at the path, seen from here, is the one that runs.
/// </summary>
internal sealed class KnownPrograms
{
    private const int Most = 1_024;

    private readonly ConcurrentDictionary<(FileStamp File, string Path), bool> _known = new();

    /// <summary>
    /// True where this was found out before. The change time in the stamp keeps a later file under the same number apart.
    /// </summary>
    public bool IsKnown(FileStamp running, string path) => _known.ContainsKey((running, path));

    /// <summary>Looks at the path. May block: where it lies, a server may have to be asked that does not answer.</summary>
    public bool Confirm(FileStamp running, string path)
    {
        // Not the change time: whoever links to the file, or replaces one of its names, sets that meanwhile, and the file of a program that
        // runs can be neither written to nor followed by another under its number.
        if (FileStamp.Of(path) is not { } found || !found.IsSameFile(running) || found.Size != running.Size)
            return false;
        if (_known.Count >= Most)
            _known.Clear();
        _known[(running, path)] = true;
        return true;
    }
}
