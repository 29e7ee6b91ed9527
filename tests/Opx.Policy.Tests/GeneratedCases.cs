using System.Security.Cryptography;
using System.Text;

namespace Opx.Policy.Tests;

/// <summary>Policies, callers and references from few words, so that they meet often, and in many spellings.</summary>
internal sealed class GeneratedCases(int seed)
{
    public const string ContentHash = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Id = "hfnjvi6aymbsnfc2xeeoheizda";

    private static readonly string[] Programs = ["/usr/bin/kubectl", "/usr/bin/helm", "/usr/bin/bash", "/usr/sbin/sshd"];

    private readonly Random _random = new(seed);

    public string Policy()
    {
        var text = new StringBuilder("{");
        text.Append("\"allow\":[").AppendJoin(',', Many(6, Rule)).Append("],\"deny\":[").AppendJoin(',', Many(3, Rule)).Append(']');
        return text.Append(Chance(30) ? ",\"default_deny\":true}" : "}").ToString();
    }

    public Caller Caller() => new()
    {
        ProcessId = Pick(1, 2),
        UserId = (uint)Pick(1000, 1001),
        GroupId = (uint)Pick(100, 101),
        Path = Chance(95) ? Pick(Programs) : null,
        Script = Chance(50) ? Pick("/srv/a.py", "/srv/b.py") : null,
        Parents = [.. Many(4, () => Chance(90) ? Pick(Programs) : Opx.Policy.Caller.Unreadable)],
        ContentSha256 = Pick<Func<string?>>(() => ContentHash, () => ContentHash.Replace('a', 'b'), () => null),
        Signature = Pick<Func<CodeSignature?>>(() => null, () => new CodeSignature(true, "TEAM"), () => new CodeSignature(false, "TEAM")),
    };

    public string Reference()
    {
        var text = Chance(70) ? OnePassword() : Vault();
        return Chance(35) ? Disguised(text) : text;
    }

    private string OnePassword()
    {
        var (section, query) = (Chance(30) ? Item() + "/" : "", Chance(25) ? "?attribute=otp" : "");
        return $"{Scheme("op")}{Pick("Prod", "prod", "PROD", "Personal", Id)}/{Item()}/{section}{Item()}{query}";
    }

    private string Vault()
    {
        var (data, more) = (Chance(40) ? "data/" : "", Chance(30) ? "/" + Item() : "");
        var key = Pick("", "#k", "#K", "#other", "?version=2#k", "#k?version=2", "#", "#a#k");
        return $"{Scheme(Pick("vault", "bao"))}{Pick("secret", "Secret", "kv")}/{data}{Item()}{more}{key}";
    }

    private string Rule()
    {
        var fields = new List<string>();
        Add(60, $"\"path\":\"{Pick(Programs)}\"");
        Add(10, $"\"script\":\"{Pick("/srv/a.py", "/srv/b.py")}\"");
        Add(10, $"\"sha256\":\"{ContentHash}\"");
        Add(5, $"\"path_sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pick(Programs))))}\"");
        Add(5, $"\"pid\":{Pick(1, 2)}");
        Add(10, $"\"uid\":{Pick(1000, 1001)}");
        Add(10, $"\"gid\":{Pick(100, 101)}");
        Add(10, $"\"parents\":[\"{Pick(Programs)}\",\"{Pick(Programs)}\"]");
        Add(10, $"\"forbidden_parents\":[\"{Pick(Programs)}\"]");
        Add(5, $"\"require_signed\":{Pick("true", "false")}");
        Add(5, $"\"team_id\":\"{Pick("TEAM", "OTHER")}\"");
        Add(10, $"\"expires_at\":\"{Pick("2026-11-22T00:41:07Z", "2026-11-22T00:41:08Z", "2020-01-01T00:00:00+01:00")}\"");
        var refs = Many(2, Pattern).Append(Pattern()).Select(Policies.Json);
        fields.Insert(_random.Next(fields.Count + 1), $"\"refs\":[{string.Join(',', refs)}]");
        return $"{{{string.Join(',', fields)}}}";

        void Add(int percent, string field)
        {
            if (Chance(percent))
                fields.Add(field);
        }
    }

    private string Pattern()
    {
        while (true)
        {
            var text = Reference();
            var (at, length) = (_random.Next(3, text.Length + 1), _random.Next(0, 4));
            var pattern = _random.Next(10) switch
            {
                0 => "*",
                1 or 2 or 3 => text[..at] + "*",
                4 or 5 => text[..at] + "*" + text[Math.Min(text.Length, at + length)..],
                6 => text[..at] + "*" + text[Math.Min(text.Length, at + length)..] + "*",
                _ => text,
            };
            if (Policies.Load($$"""{"allow":[{"refs":[{{Policies.Json(pattern)}}]}]}""").Fault is null)
                return pattern;
        }
    }

    private string Disguised(string text)
    {
        var at = _random.Next(1, text.Length);
        var slash = text.IndexOf('/', Math.Min(text.Length - 1, text.IndexOf("://", StringComparison.Ordinal) + 3));
        return _random.Next(10) switch
        {
            0 => text.ToUpperInvariant(),
            1 => $"{text[..at]}%{(int)text[at]:x2}{text[(at + 1)..]}",
            2 => $"{text[..at]}%25{(int)text[at]:X2}{text[(at + 1)..]}",
            3 => text + "/",
            4 when slash > 0 => text[..slash] + "/" + text[slash..],
            5 when slash > 0 => text[..slash] + "/." + text[slash..],
            6 when slash > 0 => $"{text[..slash]}\\{text[(slash + 1)..]}",
            7 when slash > 0 => text[..slash] + "/%2e%2e" + text[slash..],
            8 => text[..at] + " " + text[at..],
            _ => text[..at] + (char.IsAsciiLetterLower(text[at]) ? char.ToUpperInvariant(text[at]) : text[at]) + text[(at + 1)..],
        };
    }

    private string Scheme(string name) => Chance(90) ? name + "://" : Chance(50) ? name.ToUpperInvariant() + "://" : "";

    private string Item() => Pick("k8s", "K8S", "k8s-a", "token", "data", "k", Id, "a b");

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] all) => all[_random.Next(all.Length)];

    private List<T> Many<T>(int most, Func<T> one) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => one())];
}
