using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Daemon.Interop;
using Opx.Protocol;

namespace Opx.Daemon.Listening;

/// <summary>Tells whoever started the daemon that it listens, or why it does not: a client through a pipe, systemd through its socket.</summary>
internal sealed class ReadySignal(SafeFileHandle? pipe, string? notifySocket)
{
    public static ReadySignal FromEnvironment(Func<string, string?> environment)
    {
        var pipe = int.TryParse(environment(EnvironmentNames.ReadyDescriptor), out var descriptor) && descriptor > 2
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : null;
        return new ReadySignal(pipe, environment("NOTIFY_SOCKET") is { Length: > 0 } path ? path : null);
    }

    /// <summary>From here on the pipe is this process's: what it starts does not inherit it, and cannot keep the starter waiting.</summary>
    public void KeepFromChildren()
    {
        if (pipe is not null)
            LibC.CloseOnExec((int)pipe.DangerousGetHandle());
    }

    /// <summary>The daemon listens.</summary>
    public void Ready()
    {
        Tell("ready\n");
        Notify("READY=1");
    }

    /// <summary>The daemon will not listen.</summary>
    public void Failed(string why) => Tell($"error: {why}\n");

    /// <summary>The daemon is about to stop.</summary>
    public void Stopping() => Notify("STOPPING=1");

    private void Tell(string line)
    {
        if (pipe is null || pipe.IsClosed)
            return;
        try
        {
            using var stream = new FileStream(pipe, FileAccess.Write, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The starter is gone: nobody waits for the word.
        }
    }

    private void Notify(string state)
    {
        if (notifySocket is null)
            return;
        try
        {
            // A leading @ stands for the NUL of an abstract name: sd_notify(3).
            var address = notifySocket[0] == '@' ? string.Concat("\0", notifySocket.AsSpan(1)) : notifySocket;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // A service manager that cannot be told decides by its own time limit.
        }
    }
}
