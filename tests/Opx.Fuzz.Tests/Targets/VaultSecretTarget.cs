using System.Text;
using System.Text.Json;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>An answer with a secret: each key's value or why there is none, as a whole document has it.</summary>
internal sealed class VaultSecretTarget() : Target("vault-secret", 8)
{
    private static readonly string[] Keys = ["password", "k", "", "missing"];

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker =>
    {
        void Secret() => maker.Object(("password", () => maker.String(Words.Text(choices))), (choices.Of(Keys), () => maker.Any(2)));
        maker.Object(
            (choices.Of("request_id", "request_id", "x"), () => maker.String("r-1")), ("lease_id", () => maker.String(choices.Of("", "database/creds/a/1"))), ("renewable", maker.Boolean),
            ("lease_duration", () => maker.Number(choices.Of(0, 60, 3_600))), ("data", () =>
            {
                if (choices.Chance(50))
                    maker.Object(("data", Secret), ("metadata", () => maker.Object(("version", () => maker.Number(3)))));
                else
                    Secret();
            }
        ));
    });

    public override void Check(byte[] input)
    {
        foreach (var kind in Enum.GetValues<MountKind>())
            Check(input, kind);
    }

    private static void Check(byte[] input, MountKind kind)
    {
        var answer = new VaultAnswer { Status = 200, ContentType = "application/json" };
        answer.Body.Append(input);
        using var document = PlainJson.Parse(input);
        var root = document?.RootElement is { ValueKind: JsonValueKind.Object } found ? found : (JsonElement?)null;
        var isWrapped = kind is MountKind.KeyValue or MountKind.Versioned || Array.Exists(["request_id", "lease_id", "lease_duration"], name => Member(root, name) is not null);
        var data = isWrapped ? Member(root, "data") : root;
        if (kind == MountKind.Versioned || (kind == MountKind.Unknown && IsVersion(data)))
            data = Member(data, "data");
        using var secret = SecretData.Of(answer, new MountedPath("secret/data/app", kind), "Vault", out var failure);
        Oracle.Holds(secret is null != failure is null, "neither or both of secret and failure");
        if (failure is not null)
            Oracle.IsFit(failure.Detail, input);
        Oracle.Same(data is { ValueKind: not JsonValueKind.Null }, secret is not null, "whether there is a secret");
        if (secret is null)
            return;
        var seconds = isWrapped && Member(root, "lease_duration") is { ValueKind: JsonValueKind.Number } lease && lease.TryGetInt64(out var number) ? Math.Clamp(number, 0, int.MaxValue) : 0;
        var id = isWrapped && Member(root, "lease_id") is { } lent ? PlainJson.Text(lent) : null;
        Oracle.Same(seconds > 0 || id is { Length: > 0 } ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null, secret.KeepFor, "how long it may be kept");
        Oracle.Same(seconds > 0 && id is { Length: > 0 } ? id : null, secret.Lease?.Id, "its lease");
        foreach (var key in Keys)
            CheckKey(secret, data!.Value, key);
        var (whole, none) = secret.Read(null);
        Oracle.Holds(none is null, "no whole secret");
        using (whole)
            PlainJson.SameMeaning(data!.Value, whole!.Bytes);
    }

    private static bool IsVersion(JsonElement? data) => data is { ValueKind: JsonValueKind.Object } found && found.EnumerateObject().Count() == 2
        && Member(found, "data") is { ValueKind: JsonValueKind.Object } && Member(found, "metadata") is { ValueKind: JsonValueKind.Object };

    private static JsonElement? Member(JsonElement? element, string name) => element is { ValueKind: JsonValueKind.Object } found ? PlainJson.First(found, name) : null;

    private static void CheckKey(SecretData secret, JsonElement data, string key)
    {
        var (value, failure) = secret.Read(key);
        using (value)
        {
            Oracle.Holds(value is null != failure is null, "neither or both of value and failure");
            if (failure is not null)
                Oracle.IsFit(failure.Detail);
            if (data.ValueKind != JsonValueKind.Object || PlainJson.First(data, key) is not { } plain)
                Oracle.Same(ErrorCode.NotFound, failure?.Code, $"the key '{key}', which is not there");
            else if (plain.ValueKind != JsonValueKind.String)
                PlainJson.SameMeaning(plain, value is null ? default : value.Bytes);
            else
                Oracle.Same(PlainJson.Text(plain), value is null ? null : Encoding.UTF8.GetString(value.Bytes), $"the key '{key}'");
        }
    }
}
