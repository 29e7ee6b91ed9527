using System.Text;
using System.Text.RegularExpressions;
using Opx.Daemon.Backends.OnePassword;
using Opx.Daemon.Backends.Vault;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Policy;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>A reference, and what each backend and the policy make of it.</summary>
internal sealed class ReferenceTarget() : Target("reference", 12)
{
    public override byte[] Generate(Choices choices) => Mutation.Some(Encoding.UTF8.GetBytes(Words.Reference(choices)), choices);

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var reference = SecretReference.Parse(text, out var why);
        Oracle.Same(IsGood(text), reference is not null, $"whether it is one ({why})");
        Oracle.Holds(reference is null == why.Length > 0, "no reason, or one too many");
        if (reference is null)
        {
            Oracle.IsFit(why);
            return;
        }

        Oracle.Same(text, reference.Text, "its text");
        var scheme = Regex.Match(text, @"\A(op|vault|bao)://", RegexOptions.IgnoreCase).Groups[1].Value.ToLowerInvariant();
        Oracle.Same(scheme switch { "op" => ReferenceScheme.OnePassword, "vault" => ReferenceScheme.Vault, "bao" => ReferenceScheme.Bao, _ => ReferenceScheme.None }, reference.Scheme, "its scheme");
        Oracle.Same(scheme.Length == 0 ? text : text[(scheme.Length + 3)..], reference.Body, "its body");
        CheckVault(reference);
        CheckOnePassword(reference);
        // Nobody is allowed what nobody may name, and everybody what is for all.
        var decision = Open.Decide(Somebody, reference, DateTimeOffset.UnixEpoch);
        Oracle.Holds(decision.Allowed || decision.Reason == "unclear reference", $"'*' refuses it: {decision.Reason}");
        Oracle.Holds(!Shut.Decide(Somebody, reference, DateTimeOffset.UnixEpoch).Allowed, "a deny rule for all allows it");
    }

    private static readonly Caller Somebody = new() { ProcessId = 1, UserId = 1, GroupId = 1, Path = "/bin/a" };
    private static readonly AccessPolicy Open = PolicyOf("""{"allow":[{"refs":["*"]}],"default_deny":true}""");
    private static readonly AccessPolicy Shut = PolicyOf("""{"deny":[{"refs":["*"]}]}""");

    private static AccessPolicy PolicyOf(string json) => new(PolicyFile.Load(Encoding.UTF8.GetBytes(json), "p").Document!);

    private static bool IsGood(string text)
    {
        if (text.Length == 0 || text[0] == '-' || text.Contains('\ufffd') || Encoding.UTF8.GetByteCount(text) > 1_024 || Regex.IsMatch(text, @"[\x00-\x1f\x7f-\x9f]"))
            return false;
        var scheme = Regex.Match(text, @"\A(.*?)://", RegexOptions.Singleline);
        if (scheme.Success && !Regex.IsMatch(scheme.Groups[1].Value, @"\A(op|vault|bao)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))
            return false;
        var path = text[scheme.Length..];
        return Regex.IsMatch(path, "[^/]", RegexOptions.Singleline) && !path.Split('/').Any(part => Regex.IsMatch(part, @"\A\.\.([?#].*)?\z", RegexOptions.Singleline));
    }

    private static void CheckVault(SecretReference reference)
    {
        var read = VaultReference.Parse(reference, out var why);
        var match = Regex.Match(
            reference.Body, @"\A(?<path>[^?#]+)(?:\?(?<query>[^#]*)(?:\#(?<key>.*))?|\#(?<key>[^?]*)(?:\?(?<query>.*))?)?\z", RegexOptions.Singleline);
        var isGood = match.Success && match.Groups["path"].Value.Split('/').All(part => part is not ("" or "."))
            && match.Groups["key"] is not { Success: true, Length: 0 }
            && (!match.Groups["query"].Success || (Regex.IsMatch(match.Groups["query"].Value, @"\Aversion=[0-9]+\z") && int.TryParse(match.Groups["query"].Value[8..], out var n) && n > 0));
        Oracle.Same(isGood, read is not null, $"whether it names something in Vault ({why})");
        if (read is null)
        {
            Oracle.IsFit(why);
            return;
        }

        Oracle.Same(match.Groups["path"].Value, read.Path.Path, "its path in Vault");
        Oracle.Same(match.Groups["key"].Success ? match.Groups["key"].Value : null, read.Key, "its key in Vault");
        Oracle.Same(read.Path.Path, Uri.UnescapeDataString(VaultReference.Encode(read.Path.Path)), "its path in a URL");
        Oracle.Holds(!VaultReference.Encode(read.Path.Path).AsSpan().ContainsAny("?#\\ \0"), "a URL that ends early");
    }

    private static void CheckOnePassword(SecretReference reference)
    {
        if (OpReference.From(reference, 0) is not { } op)
            return;
        Oracle.Same("op://" + reference.Body, op.Text, "what op is given");
        Oracle.Holds(!op.IsPlain || Regex.IsMatch(op.Text, @"\Aop://[A-Za-z0-9\-_. /]+(\?[A-Za-z0-9\-_.=&]*)?\z"), "plain, and yet op would expand it");
        Oracle.Same(op.Text.Split('?')[0], $"op://{op.Vault}/{op.Item}/{(op.Section is null ? "" : op.Section + "/")}{op.Field}", "its parts");
    }
}
