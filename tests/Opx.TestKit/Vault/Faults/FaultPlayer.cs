using System.Text;
using Microsoft.AspNetCore.Http;
using Opx.TestKit.Vault.Sys;

namespace Opx.TestKit.Vault.Faults;

/// <summary>Lets one call go wrong. The request is counted, as <c>faults</c> and in the list of requests.</summary>
internal sealed class FaultPlayer(VaultDouble server)
{
    private static readonly byte[] Page = Encoding.ASCII.GetBytes(
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");

    public async Task PlayAsync(HttpContext http, VaultCall call, Fault fault)
    {
        server.Counters.Add("faults");
        server.Counters.Note($"{call.Method} {call.Path} fault:{fault.Kind.ToString().ToLowerInvariant()}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, server.Stopping);
        switch (fault.Kind)
        {
            case FaultKind.Slow:
                await WaitAsync(TimeSpan.FromSeconds(fault.Seconds), end.Token);
                await VaultRequests.AnswerAsync(server, http, call);
                break;
            case FaultKind.Hang:
                await WaitAsync(Timeout.InfiniteTimeSpan, end.Token);
                http.Abort();
                break;
            case FaultKind.Reset:
                http.Abort();
                break;
            case FaultKind.Half:
                await CutAsync(http, call, isAnnouncedWhole: true);
                break;
            case FaultKind.Short:
                await CutAsync(http, call, isAnnouncedWhole: false);
                break;
            case FaultKind.Html:
                await VaultRequests.WriteAsync(http, fault.Status is 0 ? 200 : fault.Status, "text/html", Page);
                break;
            case FaultKind.Large:
                await VaultRequests.WriteAsync(http, 200, "application/json", Large(fault.Bytes));
                break;
            case FaultKind.Redirect:
                http.Response.Headers.Location = $"{fault.To.TrimEnd('/')}/v1/{call.Path}{http.Request.QueryString}";
                await VaultRequests.WriteAsync(http, fault.Status is 0 ? 307 : fault.Status, "text/html; charset=utf-8", []);
                break;
            case FaultKind.Error:
                await FailAsync(http, fault.Status is 0 ? 500 : fault.Status, fault.Message);
                break;
            case FaultKind.Sealed:
                await FailAsync(http, 503, "Vault is sealed");
                break;
            case FaultKind.Limit:
                // http/util.go, rateLimitQuotaWrapping; the headers where the quota has enable_rate_limit_response_headers.
                http.Response.Headers.RetryAfter = ((int)fault.Seconds).ToString();
                http.Response.Headers["X-Ratelimit-Limit"] = "1";
                http.Response.Headers["X-Ratelimit-Remaining"] = "0";
                http.Response.Headers["X-Ratelimit-Reset"] = ((int)fault.Seconds).ToString();
                await FailAsync(http, 429, $"request path \"{call.Path}\": rate limit quota exceeded");
                break;
            case FaultKind.Standby:
                var health = Health.Answer(server.Core, fault.Status is 0 ? 429 : fault.Status);
                await VaultRequests.WriteAsync(http, health.Status, health.ContentType, health.Raw!);
                break;
            case FaultKind.Recovery when call.Path == "sys/health":
                await VaultRequests.WriteAsync(http, 472, "application/json", Health.Answer(server.Core, 472).Raw!);
                break;
            case FaultKind.Recovery:
                await FailAsync(http, 400, "path disabled in replication DR secondary mode");
                break;
            case FaultKind.Revoke:
                server.Core.Alone(() =>
                {
                    if (server.Core.Tokens.Find(call.TokenId) is { IsRoot: false } token)
                        server.Core.Tokens.Revoke(token);
                    return true;
                });
                await VaultRequests.AnswerAsync(server, http, call);
                break;
        }
    }

    private async Task CutAsync(HttpContext http, VaultCall call, bool isAnnouncedWhole)
    {
        var (answer, body) = server.Core.Handle(call);
        var half = body.AsMemory(0, body.Length / 2);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = isAnnouncedWhole ? body.Length : half.Length;
        await http.Response.Body.WriteAsync(half);
        await http.Response.Body.FlushAsync();
        if (isAnnouncedWhole)
            http.Abort();
    }

    private static byte[] Large(int bytes) => Encoding.ASCII.GetBytes(
        $$$"""{"request_id":"{{{Fresh.Uuid()}}}","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":{"k":"{{{new string('x', bytes)}}}"},"k":"x"},"wrap_info":null,"warnings":null,"auth":null}""");

    private static Task FailAsync(HttpContext http, int status, string message) =>
        VaultRequests.WriteAsync(http, status, "application/json", AnswerText.Of(VaultAnswer.Failure(status, message), "", false));

    private static async Task WaitAsync(TimeSpan time, CancellationToken end)
    {
        try
        {
            await Task.Delay(time, TimeProvider.System, end);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the double ends.
        }
    }
}
