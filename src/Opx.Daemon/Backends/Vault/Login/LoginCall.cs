using System.Security.Cryptography;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Secrets;
using Opx.Protocol;

namespace Opx.Daemon.Backends.Vault.Login;

/// <summary>Each method's conversation with the server.</summary>
internal sealed class LoginCall(VaultClient client, string name, string title, TimeProvider clock)
{
    /// <summary>Throws only when cancelled.</summary>
    /// <param name="isOurs">False for a token that belongs to somebody else's shell.</param>
    public async Task<LoginOutcome> RunAsync(LoginPlan plan, Credentials credentials, bool isOurs, CancellationToken cancellation)
    {
        if (plan.Method == LoginMethods.Token)
            return await TokenAsync(credentials[LoginFields.Token]!, isOurs, cancellation);
        var path = $"auth/{VaultReference.Encode(plan.Mount)}/login";
        using var body = new JsonBody();
        switch (plan.Method)
        {
            // Part of the path, where these are none.
            case LoginMethods.UserPass when credentials[LoginFields.Username]!.Bytes is [(byte)'.'] or [(byte)'.', (byte)'.']:
                return LoginOutcome.Of(Refused(plan));
            case LoginMethods.UserPass:
                using (var tail = new SecretBuffer())
                {
                    tail.Append("/"u8);
                    PercentEncoding.Append(tail, credentials[LoginFields.Username]!.Bytes);
                    body.Add("password", credentials[LoginFields.Password]!.Bytes);
                    return await LogInAsync(plan, new VaultCall("POST", path) { PathTail = tail, Body = body }, cancellation);
                }

            case LoginMethods.AppRole:
                body.Add("role_id", credentials[LoginFields.RoleId]!.Bytes);
                if (credentials[LoginFields.SecretId] is { } secretId)
                    body.Add("secret_id", secretId.Bytes);
                break;
            case LoginMethods.Kubernetes or LoginMethods.Jwt:
                body.Add("jwt", credentials[LoginFields.Jwt]!.Bytes);
                if (plan.Role is { } role)
                    body.Add("role", role);
                break;
            default:
                // cert: what counts is the certificate of the connection.
                if (plan.Role is { } certificateRole)
                    body.Add("name", certificateRole);
                break;
        }

        return await LogInAsync(plan, new VaultCall("POST", path) { Body = body }, cancellation);
    }

    /// <summary>The last step of a login in a browser.</summary>
    public async Task<LoginOutcome> OidcAsync(LoginPlan plan, Credentials credentials, string clientNonce, CancellationToken cancellation)
    {
        using var tail = new SecretBuffer();
        tail.Append("?state="u8);
        PercentEncoding.Append(tail, credentials[LoginFields.State]!.Bytes);
        tail.Append("&code="u8);
        PercentEncoding.Append(tail, credentials[LoginFields.Code]!.Bytes);
        tail.Append("&client_nonce="u8);
        PercentEncoding.Append(tail, System.Text.Encoding.ASCII.GetBytes(clientNonce));
        var call = new VaultCall("GET", $"auth/{VaultReference.Encode(plan.Mount)}/oidc/callback") { PathTail = tail, MayBeRepeated = false };
        return await LogInAsync(plan, call, cancellation);
    }

    /// <summary>Where the browser has to go.</summary>
    public async Task<(string? Url, BackendFailure? Failure)> AuthUrlAsync(
        LoginPlan plan, string redirectUri, string clientNonce, CancellationToken cancellation)
    {
        using var body = new JsonBody().Add("redirect_uri", redirectUri).Add("client_nonce", clientNonce);
        if (plan.Role is { } role)
            body.Add("role", role);
        var call = new VaultCall("POST", $"auth/{VaultReference.Encode(plan.Mount)}/oidc/auth_url") { Body = body };
        var reply = await client.SendAsync(call, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return (null, reply.Failure);
        // The server answers with an empty text where the role does not allow the redirect.
        return answer.Status == 200 && JsonScan.IsObject(answer.Body.Bytes)
            && JsonScan.Text(JsonScan.Find(answer.Body.Bytes, "data", "auth_url")) is { Length: > 0 } url
            ? (url, null)
            : (null, new BackendFailure(ErrorCode.SignInRequired,
                $"{title} does not offer this login: check --role and --mount, and that the role allows {redirectUri} as redirect"));
    }

    /// <summary>The secret id that a wrapping token stands for. It stands for it once.</summary>
    public async Task<(SecretValue? SecretId, BackendFailure? Failure)> UnwrapAsync(SecretValue wrapped, CancellationToken cancellation)
    {
        var reply = await client.SendAsync(new VaultCall("POST", "sys/wrapping/unwrap") { Token = wrapped, MayBeRepeated = false }, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return (null, reply.Failure);
        var secretId = answer.Status == 200 && JsonScan.IsObject(answer.Body.Bytes) ? JsonScan.Find(answer.Body.Bytes, "data", "secret_id") : default;
        return JsonScan.IsString(secretId) && JsonScan.Unescape(secretId) is { } value
            ? (value, null)
            : (null, new BackendFailure(ErrorCode.SignInRequired,
                $"{title} does not unwrap the secret id: it was unwrapped before, by somebody else perhaps, or its time is over; issue a new one"));
    }

    private async Task<LoginOutcome> TokenAsync(SecretValue token, bool isOurs, CancellationToken cancellation)
    {
        var reply = await client.SendAsync(new VaultCall("GET", "auth/token/lookup-self") { Token = token }, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return LoginOutcome.Of(reply.Failure!);
        if (answer.Status is 400 or 401 or 403)
            return LoginOutcome.Of(new BackendFailure(
                ErrorCode.SignInRequired, $"{title} does not take the token: it is wrong, or its time is over; run 'opx login {name}'"));
        if (answer.Status != 200 || !JsonScan.IsObject(answer.Body.Bytes) || JsonScan.Find(answer.Body.Bytes, "data").IsEmpty)
            return LoginOutcome.Of(NoAnswer());
        var body = answer.Body.Bytes;
        var (life, isRenewable) = (Life(JsonScan.Find(body, "data", "ttl")), JsonScan.IsTrue(JsonScan.Find(body, "data", "renewable")));
        return token.TryHold() ? LoginOutcome.Of(new VaultToken(token, life, isRenewable, isOurs, clock)) : LoginOutcome.Of(NoAnswer());
    }

    private async Task<LoginOutcome> LogInAsync(LoginPlan plan, VaultCall call, CancellationToken cancellation)
    {
        var reply = await client.SendAsync(call, cancellation);
        using var answer = reply.Answer;
        if (answer is null)
            return LoginOutcome.Of(reply.Failure!);
        if (answer.Status is >= 400 and < 500)
            return LoginOutcome.Of(Refused(plan));
        if (answer.Status != 200 || !JsonScan.IsObject(answer.Body.Bytes))
            return LoginOutcome.Of(NoAnswer());
        return Token(answer, isOurs: true);
    }

    private LoginOutcome Token(VaultAnswer answer, bool isOurs)
    {
        var body = answer.Body.Bytes;
        if (!JsonScan.IsNothing(JsonScan.Find(body, "auth", "mfa_requirement")))
            return LoginOutcome.Of(new BackendFailure(
                ErrorCode.SignInRequired, $"{title} wants a second factor, which opx cannot give: log in by a method without one"));
        var raw = JsonScan.Find(body, "auth", "client_token");
        if (!JsonScan.IsString(raw) || JsonScan.Unescape(raw) is not { } token)
            return LoginOutcome.Of(NoAnswer());
        if (token.Length == 0)
        {
            token.Dispose();
            return LoginOutcome.Of(NoAnswer());
        }

        return LoginOutcome.Of(new VaultToken(
            token, Life(JsonScan.Find(body, "auth", "lease_duration")), JsonScan.IsTrue(JsonScan.Find(body, "auth", "renewable")), isOurs, clock));
    }

    private BackendFailure Refused(LoginPlan plan) => new(ErrorCode.SignInRequired,
        $"{title} refuses the login by {plan.Method} at '{Printable.Text(plan.Mount, 64)}': check the credentials, the role and the mount");

    private BackendFailure NoAnswer() => new(
        ErrorCode.BackendError,
        $"{title} at {client.Server.Address} gave no answer to the login that can be understood: check the address");

    // 0 is a token without an end: root's.
    internal static TimeSpan? Life(ReadOnlySpan<byte> seconds) =>
        JsonScan.Number(seconds) is var number and > 0 ? TimeSpan.FromSeconds(Math.Min(number, int.MaxValue)) : null;

    /// <summary>Something nobody guesses.</summary>
    public static string Nonce() => RandomNumberGenerator.GetHexString(40, lowercase: true);
}
