using Opx.Daemon.Interop;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// The script that an interpreter runs, as far as its arguments tell. They are its own to write: see the README for what that is worth.
/// </summary>
internal static class Script
{
    /// <summary>The script's resolved path; null where there is none or where it is unclear. May block.</summary>
    public static string? Of(IObservedProcess process, string program)
    {
        if (!process.SharesFileSystem()
            || process.Arguments() is not { } arguments
            || ScriptArgument.Of(program, arguments) is not { } word)
            return null;
        if (!Path.IsPathRooted(word))
        {
            if (process.WorkingDirectory() is not { } directory)
                return null;
            word = Path.Combine(directory, word);
        }

        const uint typeMask = 0xF000, regularFile = 0x8000;
        return RealPath.Of(word) is { } path && FileStamp.Of(path) is { } file && (file.Mode & typeMask) == regularFile ? path : null;
    }
}
