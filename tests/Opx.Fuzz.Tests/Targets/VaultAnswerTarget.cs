using System.Text;
using System.Text.Json;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Backends.Vault.Login;
using Opx.Daemon.Secrets;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Answers to a login and to the question for a mount: a token only where one stands, and never a path that policy has not judged.</summary>
internal sealed class VaultAnswerTarget() : Target("vault-answer", 5)
{
    private static readonly ManualClock Clock = new();
    private static readonly SecretValue Token = SecretValue.CopyOf("hvs.x"u8);

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker => maker.Object(
        ("auth", () => maker.Object(
            ("client_token", () => maker.String(choices.Of(Secret.Text, Secret.Text, ""))), ("lease_duration", () => maker.Number(choices.Of(0, 3_600))), ("renewable", maker.Boolean),
            (choices.Of("mfa_requirement", "x"), () => maker.Literal(choices.Of("null", "{}"))))),
        ("data", () => maker.Object(
            ("path", () => maker.String(choices.Of("secret/", "secret/app/", "sec/", "/secret", "", "../x"))), ("options", () => maker.Object(("version", () => maker.String(choices.Of("1", "2"))))),
            ("ttl", () => maker.Number(60))))));

    public override void Check(byte[] input)
    {
        var server = new VaultServer(VaultAddress.Parse("https://v:8200", out _)!, null, new ServerTrust(null, null, null, false));
        var client = new VaultClient(server, "Vault", new Scripted(input), new CallCounter(Clock), Clock);
        using var document = PlainJson.Parse(input);
        var root = document?.RootElement is { ValueKind: JsonValueKind.Object } found ? found : (JsonElement?)null;
        CheckLogin(client, root, input);
        CheckMount(client, root);
    }

    private static void CheckLogin(VaultClient client, JsonElement? root, byte[] input)
    {
        using var credentials = new Credentials();
        var plan = new LoginPlan(LoginMethods.Cert, LoginOrigin.References) { Mount = "cert" };
        var outcome = new LoginCall(client, "vault", "Vault", Clock).RunAsync(plan, credentials, isOurs: true, CancellationToken.None).GetAwaiter().GetResult();
        using var token = outcome.Token;
        Oracle.Holds(token is null != outcome.Failure is null, "neither or both of token and failure");
        if (outcome.Failure is { } failure)
            Oracle.IsFit(failure.Detail, input);
        Oracle.Holds(!$"{outcome}".Contains(Secret.Text, StringComparison.Ordinal), "a token in a text");
        var auth = Member(root, "auth");
        var isWhole = Member(auth, "mfa_requirement") is null or { ValueKind: JsonValueKind.Null };
        var plain = isWhole && Member(auth, "client_token") is { } text ? PlainJson.Text(text) : null;
        Oracle.Same(plain is { Length: > 0 } ? plain : null, token is null ? null : Encoding.UTF8.GetString(token.Value.Bytes), "the token");
    }

    private static void CheckMount(VaultClient client, JsonElement? root)
    {
        const string asked = "secret/app";
        var (mounted, failure) = new VaultMounts(client).ResolveAsync(asked, Token, CancellationToken.None).GetAwaiter().GetResult();
        Oracle.Holds(failure is null, "a failure");
        var data = Member(root, "data");
        var mount = Member(data, "path") is { } text ? PlainJson.Text(text)?.Trim('/') : null;
        var version = Member(Member(data, "options"), "version") is { } number ? PlainJson.Text(number) : null;
        var (expected, versioned) = (mount, version) switch
        {
            ("secret", "2") => ("secret/data/app", true),
            (asked, "2") => ("secret/app/data/", true),
            _ => (asked, false),
        };
        Oracle.Same((expected, versioned), (mounted.Path, mounted.IsVersioned), "the path");
    }

    private static JsonElement? Member(JsonElement? element, string name) => element is { ValueKind: JsonValueKind.Object } found ? PlainJson.First(found, name) : null;

    private sealed class Scripted(byte[] body) : IVaultExchange
    {
        public Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellation)
        {
            var answer = new VaultAnswer { Status = 200, ContentType = "application/json" };
            answer.Body.Append(body);
            return Task.FromResult(answer);
        }

        public void End()
        {
        }

        public void Retire()
        {
        }

        public void Dispose()
        {
        }
    }
}
