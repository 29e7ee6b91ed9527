using System.Runtime.InteropServices;
using Opx.Client.Interop;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Client;

/// <summary>Answers one question: does this user's daemon listen there? Everything that another user could have put in its place is looked at
/// before a byte is sent.</summary>
internal static class DaemonSocket
{
    /// <summary>The connection; null where nothing listens, which is: no such path, or a refused connection. Nothing else counts as that.</summary>
    /// <exception cref="OpxPathException">A directory or the socket is not ours alone.</exception>
    /// <exception cref="DaemonUnreachableException">Somebody else listens, or the system will not let us connect.</exception>
    public static UnixStream? Connect(OpxPaths paths, uint userId)
    {
        if (OpxPaths.SocketPathFault(paths.SocketPath) is { } fault)
            throw new OpxPathException(fault);
        try
        {
            PrivateDirectory.Check(paths.DataDirectory, userId);
            if (!CheckDirectory(paths, userId) || !CheckSocket(paths.SocketPath, userId))
                return null;
        }
        catch (IOException refused)
        {
            throw new OpxPathException(refused.Message);
        }

        return Open(paths.SocketPath, userId);
    }

    private static bool CheckDirectory(OpxPaths paths, uint userId)
    {
        if (!paths.SocketIsMoved)
            return PrivateDirectory.Check(paths.RuntimeDirectory, userId);
        var directory = Path.GetDirectoryName(paths.SocketPath)!;
        if (FileStatus.Of(directory) is not { } status)
            return false;

        // /tmp is a link on macOS: what counts is where the socket really lies.
        if (status.IsSymbolicLink)
        {
            if (Directory.ResolveLinkTarget(directory, returnFinalTarget: true) is not { } target || FileStatus.Of(target.FullName) is not { } real)
                return false;
            status = real;
        }

        var sticky = (status.Permissions & 0x200) != 0;
        if (status.LetsOthersReplace || (status.Owner != userId && status.Owner != 0 && !sticky))
        {
            throw new OpxPathException($"others may replace the socket in {Printable.Text(directory)}: use a directory of your own "
                + $"or a sticky one such as /tmp, and set {EnvironmentNames.SocketPath}");
        }

        return true;
    }

    private static bool CheckSocket(string path, uint userId)
    {
        if (FileStatus.Of(path) is not { } status)
            return false;
        var shown = Printable.Text(path);
        if (!status.IsSocket)
            throw new OpxPathException($"{shown} is not a socket: remove it or set {EnvironmentNames.SocketPath}");
        return status.Owner == userId ? true
            : throw new OpxPathException($"the socket {shown} belongs to user {status.Owner}, not to you ({userId})");
    }

    private static UnixStream? Open(string path, uint userId)
    {
        if (UnixStream.Connect(path, out var error) is not { } stream)
        {
            // Refused, or removed since it was looked at.
            return error is Errno.NoEntry or Errno.NotDirectory || error == Errno.ConnectionRefused
                ? null
                : throw new DaemonUnreachableException($"cannot connect to {Printable.Text(path)}: {Marshal.GetPInvokeErrorMessage(error)}", false);
        }

        // Its owner, again and from the kernel: the path may have been exchanged since it was looked at.
        if (stream.PeerUserId is var peer && peer != userId)
        {
            stream.Dispose();
            throw new DaemonUnreachableException($"user {peer} listens on {Printable.Text(path)}, not you ({userId}): nothing was sent", false);
        }

        // Where nobody listens its mode does not matter: the daemon that is started makes another socket.
        if (FileStatus.Of(path) is not { IsOpenToOthers: true } status)
            return stream;
        stream.Dispose();
        throw new OpxPathException(
            $"the socket {Printable.Text(path)} has mode 0{Convert.ToString(status.Permissions, 8)} and needs 0600: run opx daemon restart");
    }
}
