using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Opx.TestKit.Vault.Faults;
using Opx.TestKit.Vault.Methods;

namespace Opx.TestKit.Vault;

/// <summary>What is no part of Vault: <c>/control/…</c>, by which a script drives the double and asks it afterwards. Plain text, no token.</summary>
internal sealed class ControlEndpoints(VaultDouble server)
{
    public async Task HandleAsync(HttpContext http, string what)
    {
        var query = http.Request.Query;
        var answer = what switch
        {
            "counters" => server.Counters.Text(),
            "count" => $"{server.Counters[query["of"].ToString()]}\n",
            "requests" => string.Concat(server.Counters.Requests.Select(request => request + "\n")),
            "forget" => Done(server.Counters.Clear),
            "fault" => Done(() => server.Faults.Add(Fault.Of(query))),
            "mend" => Done(server.Faults.Clear),
            "advance" => Done(() => server.Clock.Advance(TimeSpan.FromSeconds(double.Parse(query["seconds"].ToString(), CultureInfo.InvariantCulture)))),
            "kill-tokens" => $"{server.KillTokens()}\n",
            "tokens" => $"{server.Core.Alone(() => server.Core.Tokens.All.Count(token => !token.IsRoot && server.Core.Tokens.Find(token.Id) is not null))}\n",
            "leases" => $"{server.Core.Alone(() => server.Core.Leases.Living.Count)}\n",
            "seal" => Done(() => server.Core.IsSealed = true),
            "unseal" => Done(() => server.Core.IsSealed = false),
            "ca" => server.Certificate?.AuthorityPem ?? "",
            "jwt-key" => server.Issuer.ExportSubjectPublicKeyInfoPem() + "\n",
            "jwt" => SignedToken.Make(server.Issuer, Claims(query)) + "\n",
            "client-certificate" => server.Certificate is { } certificate ? Both(certificate.ForClient(query["name"].ToString())) : "",
            _ => null,
        };
        if (what == "oidc/authorize")
            http.Response.Redirect(server.Core.Provider.Authorize(query["redirect_uri"].ToString(), query["state"].ToString()));
        else if (answer is null)
            http.Response.StatusCode = 404;
        else
            await VaultRequests.WriteAsync(http, 200, "text/plain", Encoding.UTF8.GetBytes(answer));
    }

    private static string Done(Action change)
    {
        change();
        return "";
    }

    private static string Both((string Certificate, string Key) pair) => pair.Certificate + pair.Key;

    private JsonObject Claims(IQueryCollection query)
    {
        var (name, space) = (query["account"].ToString(), query["in"].ToString());
        var claims = new JsonObject
        {
            ["iss"] = "https://opx.example",
            ["sub"] = query["sub"].ToString(),
            ["aud"] = query["aud"].ToString(),
            ["exp"] = server.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
        };
        if (name.Length > 0)
        {
            claims["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = space,
                ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = Fresh.Uuid() },
            };
        }

        return claims;
    }
}
