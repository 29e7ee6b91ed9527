using System.Net.Sockets;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Protocol.Tests.Interop;

public sealed class PeerCredentialsTests
{
    [Fact]
    public void The_kernel_names_both_ends_of_a_socket_to_each_other()
    {
        using var home = new TemporaryHome();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(home.In("s")));
        listener.Listen();
        using var client = RawClient.ConnectSocket(home.In("s"));
        using var server = listener.Accept();

        foreach (var socket in (Socket[])[client, server])
        {
            var peer = PeerCredentials.Of(socket);
            Assert.Equal((Environment.ProcessId, ProcessIdentity.EffectiveUserId()), (peer.ProcessId, peer.UserId));
        }
    }

    [Fact]
    public void A_socket_that_is_closed_names_nobody()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Dispose();

        Assert.ThrowsAny<Exception>(() => PeerCredentials.Of(socket));
    }
}
