using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Opx.Scripts.Tests.Tools.Chaos;

/// <summary>What a client meets where no answer comes, and not what a wrong one would be.</summary>
internal static class Nothing
{
    public static bool Is(Exception error) => error
        is IOException or SocketException or AuthenticationException or OperationCanceledException or TimeoutException or UnauthorizedAccessException
        or CryptographicException or ObjectDisposedException or InvalidOperationException;
}
