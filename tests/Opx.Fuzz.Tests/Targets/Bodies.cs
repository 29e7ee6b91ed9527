using System.Text;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Each route's body.</summary>
internal static class Bodies
{
    private static readonly string[] Credentials = ["token", "username", "password", "role_id", "secret_id", "wrapped_secret_id", "jwt", "code", "state"];

    public static IEnumerable<Target> All =>
    [
        new BodyTarget<ReadRequest>(
            "body-read", 8, Read, ReadRequest.Parse, PlainBodies.Read, body => $"{body.Ref}|{body.Account}|{body.Fresh}", (body, writer) => body.Write(writer)),
        new BodyTarget<ReadsRequest>(
            "body-reads", 8, Reads, ReadsRequest.Parse, PlainBodies.Reads,
            body => $"{string.Join('\n', body.Refs)}|{body.Account}|{body.Fresh}", (body, writer) => body.Write(writer)),
        new BodyTarget<ResolveRequest>(
            "body-resolve", 8, Resolve, ResolveRequest.Parse, PlainBodies.Resolve,
            body => $"{string.Join('\n', body.Env.Select(pair => $"{pair.Key}={pair.Value}"))}|{body.Account}|{body.Fresh}", (body, writer) => body.Write(writer)),
        new BodyTarget<InvalidateRequest>(
            "body-invalidate", 4, Invalidate, InvalidateRequest.Parse, PlainBodies.Invalidate, Said, Write),
        new BodyTarget<LoginRequest>("body-login", 8, Login, LoginRequest.Parse, PlainBodies.Login, Said, (body, writer) => body.Write(writer)),
        new BodyTarget<OidcLoginRequest>(
            "body-oidc", 4, Oidc, OidcLoginRequest.Parse, PlainBodies.Oidc,
            body => body.RedirectUri + Where(body.Backend, body.Mount, body.Role, body.Address, body.Namespace), (body, writer) => body.Write(writer)),
    ];

    public static void Read(JsonMaker maker, Choices choices) =>
        maker.Object(("ref", () => maker.String(Reference(choices))), ("flags", () => Flags(maker, choices)), ("fresh", maker.Boolean));

    public static void Reads(JsonMaker maker, Choices choices) => maker.Object(
        ("refs", () => maker.Array(choices.Chance(1) ? 1_010 : 4, () => maker.String(Reference(choices)))), ("fresh", maker.Boolean), ("flags", () => Flags(maker, choices)));

    public static void Resolve(JsonMaker maker, Choices choices) => maker.Object(
        ("flags", () => Flags(maker, choices)),
        ("env", () => maker.Object(
            (choices.Of("A", "_b", "HOME", "9", "a-b"), () => maker.String(Reference(choices))), (choices.Of("B", "A", "C3"), () => maker.String(Reference(choices))))));

    public static void Invalidate(JsonMaker maker, Choices choices) =>
        maker.Object(("refs", () => maker.Array(4, () => maker.String(Reference(choices)))), ("all", maker.Boolean));

    public static void Login(JsonMaker maker, Choices choices)
    {
        var method = choices.Of("token", "userpass", "approle", "kubernetes", "jwt", "cert", "oidc", "ldap");
        string[] wanted = [.. LoginMethods.Required(method), .. LoginMethods.Optional(method)];
        string Name(int i) => wanted.Length > 0 && !choices.Chance(5) ? wanted[i % wanted.Length] : choices.Of(Credentials);
        void Credential() => maker.String(choices.Chance(5) ? Words.Text(choices) : Secret.Text);
        void Members() => maker.Object(("backend", () => maker.String(choices.Of("vault", "bao", "vault", "op"))), ("method", () => maker.String(method)),
            (choices.Of("mount", "role", "address", "namespace", "padding"), () => maker.String(Words.Text(choices))),
            ("fields", () => maker.Object((Name(0), Credential), (Name(choices.Of(0, 1)), Credential))),
            (choices.Of("refs", "padding"), () => maker.Object((Name(1), () => maker.String(Words.GoodReference(choices))))));
        Members();
    }

    private static void Oidc(JsonMaker maker, Choices choices) => maker.Object(
        ("backend", () => maker.String(choices.Of("vault", "bao", "x"))), ("redirect_uri", () => maker.String("http://localhost:8250/oidc/callback")),
        ("mount", () => maker.String(Words.Text(choices))), ("role", () => maker.String(Words.Text(choices))), ("address", () => maker.String(Words.Text(choices))));

    private static void Flags(JsonMaker maker, Choices choices) => maker.Array(
        choices.Chance(2) ? 20 : 2, () => maker.String(choices.Of("--account=work", "--account=work", "--account=my.1password.com", "--account=-x", "--account=", "--vault=x", "--account=é")));

    private static string Reference(Choices choices) => choices.Chance(50) ? Words.GoodReference(choices) : Words.Reference(choices);

    // Nothing but `all` is sent where all is meant.
    private static string Said(InvalidateRequest body) => $"{string.Join('\n', body.Refs)}|{body.All}";

    private static void Write(InvalidateRequest body, System.Text.Json.Utf8JsonWriter writer)
    {
        if (!body.All || body.Refs.Count == 0)
        {
            body.Write(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("refs");
        foreach (var reference in body.Refs)
            writer.WriteStringValue(reference);
        writer.WriteEndArray();
        writer.WriteBoolean("all", true);
        writer.WriteEndObject();
    }

    private static string Said(LoginRequest body) =>
        $"{body.Method}|{string.Join('\n', body.Fields.Select(pair => $"{pair.Key}={Encoding.UTF8.GetString(pair.Value)}"))}"
        + $"|{string.Join('\n', body.Refs.Select(pair => $"{pair.Key}={pair.Value}"))}" + Where(body.Backend, body.Mount, body.Role, body.Address, body.Namespace);

    private static string Where(string backend, string? mount, string? role, string? address, string? @namespace) =>
        $"|backend={backend}{Named("mount", mount)}{Named("role", role)}{Named("address", address)}{Named("namespace", @namespace)}";

    private static string Named(string name, string? text) => text is null ? "" : $"|{name}={text}";
}
