using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Opx.TestKit.Vault.Faults;

namespace Opx.TestKit.Vault;

/// <summary>Between HTTP and <see cref="VaultCore"/>: reads a request, lets a fault have its way, writes the answer.</summary>
internal sealed class VaultRequests(VaultDouble server)
{
    private readonly ControlEndpoints _control = new(server);

    public async Task HandleAsync(HttpContext http)
    {
        // The path as it was sent: Kestrel leaves %2F, Go does not.
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = Uri.UnescapeDataString(target.Split('?')[0]);
        if (path.StartsWith("/control/", StringComparison.Ordinal))
        {
            await _control.HandleAsync(http, path["/control/".Length..]);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        if (!path.StartsWith("/v1/", StringComparison.Ordinal))
        {
            await WriteAsync(http, 404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray());
            return;
        }

        var call = await ReadAsync(http, path["/v1/".Length..].Trim('/'));
        if (call is null)
        {
            await WriteAsync(http, 400, "application/json", "{\"errors\":[\"failed to parse JSON input: invalid character\"]}\n"u8.ToArray());
            return;
        }

        if (server.Faults.Take(call.Path) is { } fault)
            await new FaultPlayer(server).PlayAsync(http, call, fault);
        else
            await AnswerAsync(server, http, call);
    }

    public static async Task AnswerAsync(VaultDouble server, HttpContext http, VaultCall call)
    {
        var (answer, body) = server.Core.Handle(call);
        await WriteAsync(http, answer.Status, answer.ContentType, body);
    }

    public static async Task WriteAsync(HttpContext http, int status, string type, byte[] body)
    {
        http.Response.StatusCode = status;
        if (status == 204)
            return;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body);
    }

    private static async Task<VaultCall?> ReadAsync(HttpContext http, string path)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        JsonObject? members = [];
        if (body.Length > 0)
        {
            try
            {
                members = JsonNode.Parse(Encoding.UTF8.GetString(body.ToArray())) as JsonObject;
            }
            catch (JsonException)
            {
                members = null;
            }
        }

        if (members is null)
            return null;
        var query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var method = http.Request.Method == "PUT" ? "POST" : http.Request.Method == "GET" && query.GetValueOrDefault("list") == "true" ? "LIST" : http.Request.Method;
        var bearer = http.Request.Headers.Authorization.ToString();
        var token = http.Request.Headers["X-Vault-Token"].ToString() is { Length: > 0 } named ? named
            : bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer["Bearer ".Length..] : "";
        return new VaultCall(method, path, "", http.Request.Headers["X-Vault-Namespace"].ToString().Trim('/'), token, query, members)
        {
            WrapTtl = http.Request.Headers["X-Vault-Wrap-TTL"].ToString() is { Length: > 0 } ttl ? GoTime.Duration(ttl) : null,
            IsTls = http.Request.IsHttps,
            Certificate = http.Request.IsHttps ? await http.Connection.GetClientCertificateAsync() : null,
        };
    }
}
