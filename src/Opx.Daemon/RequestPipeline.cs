using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Opx.Daemon.Endpoints;
using Opx.Daemon.Identity;
using Opx.Daemon.Listening;
using Opx.Protocol;

namespace Opx.Daemon;

/// <summary>
/// The order of things, on one screen. A connection: ③ who is there, ② its place, memory that clears itself, TLS and its end. A request on it: its
/// failures made answers, where it claims to come from, ③ the token, and ⑤ an endpoint.
/// </summary>
internal static class RequestPipeline
{
    public static void UseConnectionStages(
        this ListenOptions listen, ConnectionTable connections, PeerIdentification peers, ClearingMemoryPool memory, ITransport transport)
    {
        transport.Run(listen);
        // First, so that a stranger takes nobody's place in the table.
        Stage(peers.InvokeAsync);
        Stage(connections.InvokeAsync);
        Stage(memory.InvokeAsync);
        transport.UseTls(listen);
        listen.Protocols = HttpProtocols.Http1;

        void Stage(Func<ConnectionContext, ConnectionDelegate, Task> stage) => listen.Use(next => connection => stage(connection, next));
    }

    public static void UseRequestStages(this WebApplication app, RequestFailures failures, TokenCheck token)
    {
        app.Use(failures.InvokeAsync);
        app.Use(RequestOrigin.InvokeAsync);
        app.Use(token.InvokeAsync);
        app.UseRouting();
    }

    public static void MapRoutes(
        this WebApplication app, ReadEndpoints reads, StatusEndpoint status, SessionEndpoints session, InvalidateEndpoint invalidate, LoginEndpoints logins)
    {
        Post(Routes.Read, reads.ReadAsync);
        Post(Routes.Reads, reads.ReadsAsync);
        Post(Routes.Resolve, reads.ResolveAsync);
        Post(Routes.SessionUnlock, session.UnlockAsync);
        Post(Routes.SessionLock, session.LockAsync);
        Post(Routes.Invalidate, invalidate.InvalidateAsync);
        Post(Routes.Login, logins.LoginAsync);
        Post(Routes.LoginOidc, logins.OidcAsync);
        Post(Routes.Logout, logins.LogoutAsync);
        app.MapMethods(Routes.Status, [HttpMethods.Get], status.StatusAsync);

        void Post(string path, RequestDelegate endpoint) => app.MapMethods(path, [HttpMethods.Post], endpoint);
    }
}
