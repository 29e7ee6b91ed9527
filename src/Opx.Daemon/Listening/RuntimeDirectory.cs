using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Listening;

/// <summary>The directories the daemon keeps its files in, made private or refused before anything is put there.</summary>
internal static class RuntimeDirectory
{
    /// <exception cref="OpxPathException">A directory is not ours alone; the message names it and the mode it needs.</exception>
    public static void Prepare(OpxPaths paths, uint owner)
    {
        if (OpxPaths.SocketPathFault(paths.SocketPath) is { } fault)
            throw new OpxPathException(fault);
        PrivateDirectory.Ensure(paths.DataDirectory, owner);
        if (paths.SocketIsMoved)
            CheckForeign(Path.GetDirectoryName(paths.SocketPath)!, owner);
        else
            PrivateDirectory.Ensure(paths.RuntimeDirectory, owner);
    }

    /// <summary>A directory that somebody named: it need not be ours, but nobody else may be able to replace what we put there.</summary>
    private static void CheckForeign(string path, uint owner)
    {
        var shown = Printable.Text(path);
        var status = FileStatus.Of(path) ?? throw new OpxPathException($"{shown}, where the socket is to lie, does not exist: make it, with mode 0700");
        if (status.IsSymbolicLink)
            status = FileStatus.Of(Path.GetFullPath(Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)) ?? status;
        if (!status.IsDirectory)
            throw new OpxPathException($"{shown}, where the socket is to lie, is not a directory");
        if (status.LetsOthersReplace)
            throw new OpxPathException($"{shown}, where the socket is to lie, lets others replace files in it: run chmod 700 {shown}");
        if (status.Owner != owner && status.Owner != 0)
            throw new OpxPathException($"{shown}, where the socket is to lie, belongs to user {status.Owner}: choose a directory of your own");
    }
}
