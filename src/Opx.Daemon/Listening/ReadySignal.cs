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
        SafeFileHandle? pipe = null;
        if (int.TryParse(environment(EnvironmentNames.ReadyDescriptor), out var descriptor) && descriptor > 2)
        {
            LibC.CloseOnExec(descriptor);
            pipe = new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return new ReadySignal(pipe, environment("NOTIFY_SOCKET") is { Length: > 0 } path ? path : null);
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
            using (pipe)
                RandomAccess.Write(pipe, Encoding.UTF8.GetBytes(line), fileOffset: 0);
        }
        catch (IOException)
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
