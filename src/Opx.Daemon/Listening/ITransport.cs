using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Opx.Daemon.Interop;
using Opx.Daemon.Listening.Portable;
using Opx.Daemon.Listening.Tls;

namespace Opx.Daemon.Listening;

/// <summary>
/// What Kestrel stands on: who accepts and reads the socket, and who speaks TLS on it. A connection's first stages run before its first byte is looked at.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>Kestrel accepts through this.</summary>
    void Carry(IWebHostBuilder host, ILogger log);

    /// <summary>Where the stages of a connection begin: who runs them, and on which thread.</summary>
    void Run(ListenOptions listen);

    /// <summary>The stage of a connection that makes plain bytes of what comes, and TLS of what goes, its farewell included.</summary>
    void UseTls(ListenOptions listen);
}

/// <summary>What a transport is made of.</summary>
/// <param name="Socket">Bound and listening.</param>
/// <param name="Memory">Where plain bytes lie.</param>
/// <param name="IsLate">The daemon stops and waits no longer: who has not been answered is told goodbye, and asks the next daemon.</param>
internal sealed record TransportParts(
    Socket Socket, ServerCertificate Certificate, MemoryPool<byte> Memory, TimeProvider Clock, CancellationToken IsLate);

internal static class Transports
{
    /// <summary>By epoll and OpenSSL where both are; elsewhere by what .NET has.</summary>
    public static ITransport OfThisSystem(TransportParts parts) => OpenSsl.IsHere ? new PolledTransport(parts) : new PortableTransport(parts);
}
