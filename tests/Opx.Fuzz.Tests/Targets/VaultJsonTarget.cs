using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Opx.Daemon.Backends.Vault;
using Opx.Daemon.Secrets;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>JSON looked at as bytes, beside a whole document of it; and bodies of ours, read by a whole document.</summary>
internal sealed class VaultJsonTarget() : Target("vault-json", 8)
{
    private static readonly string[] Names = ["data", "auth", "a", "k", "", "key\"", "é"];

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker => maker.Object(
        (choices.Of(Names), () => maker.Any(3)), (choices.Of(Names), () => maker.Object((choices.Of(Names), () => maker.Any(2)), ("k", () => maker.String(Words.Text(choices)))))));

    public override void Check(byte[] input)
    {
        CheckBody(input);
        using var document = PlainJson.Parse(input);
        Oracle.Same(document?.RootElement.ValueKind == JsonValueKind.Object, JsonScan.IsObject(input), "whether it is an object");
        if (document?.RootElement.ValueKind != JsonValueKind.Object)
            return;
        using (var compact = JsonScan.Compact(input))
            PlainJson.SameMeaning(document.RootElement, compact.Bytes);
        foreach (var name in Names)
        {
            var plain = PlainJson.First(document.RootElement, name);
            var raw = JsonScan.Find(input, name);
            Oracle.SameBytes(plain is { } there ? PlainJson.Raw(there) : default, raw, $"the member '{name}'");
            if (plain is not { } element)
                continue;
            Oracle.Same(PlainJson.Text(element), JsonScan.Text(raw), $"the text '{name}'");
            Oracle.Same(element.ValueKind == JsonValueKind.True, JsonScan.IsTrue(raw), "whether it is true");
            Oracle.Same(element.ValueKind == JsonValueKind.Null, JsonScan.IsNothing(raw), "whether it is nothing");
            Oracle.Same(element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : 0, JsonScan.Number(raw), "the number");
            var inner = element.ValueKind == JsonValueKind.Object ? PlainJson.First(element, "k") : null;
            Oracle.SameBytes(inner is { } within ? PlainJson.Raw(within) : default, JsonScan.Find(input, name, "k"), $"the member '{name}.k'");
        }
    }

    private static void CheckBody(byte[] input)
    {
        if (!Utf8.IsValid(input))
            return;
        using var body = new JsonBody().Add("a", input).Add("b", "x");
        using var document = PlainJson.Parse(body.Bytes.Bytes.ToArray());
        Oracle.SameBytes(input, Encoding.UTF8.GetBytes(document!.RootElement.GetProperty("a").GetString()!), "a body's member");
        Oracle.Same("x", document.RootElement.GetProperty("b").GetString(), "the member behind it");
        using var tail = new SecretBuffer();
        PercentEncoding.Append(tail, input);
        Oracle.Same(Uri.EscapeDataString(Encoding.UTF8.GetString(input)), Encoding.ASCII.GetString(tail.Bytes), "percent-encoded");
    }
}
