using System.Text.Json;
using System.Text.RegularExpressions;

namespace Opx.Fuzz.Tests.Plain;

/// <summary>Bodies of requests once more: from a whole document, member by member, as the protocol's table has them.</summary>
internal static class PlainBodies
{
    private static readonly string[] Methods = ["token", "userpass", "approle", "kubernetes", "jwt", "cert", "oidc"];

    /// <summary>What the body says, as one text; null where it has to be refused.</summary>
    public static string? Of(byte[] body, Func<JsonElement, string> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            return read(document.RootElement);
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Read(JsonElement root)
    {
        var members = Members(root, "ref", "flags", "fresh");
        return Text(members["ref"]) + Options(members);
    }

    public static string Reads(JsonElement root)
    {
        var members = Members(root, "refs", "flags", "fresh");
        return string.Join('\n', Texts(members["refs"], 1_000)) + Options(members);
    }

    public static string Resolve(JsonElement root)
    {
        var members = Members(root, "env", "flags", "fresh");
        var env = Members(members["env"]);
        Need(env.Count <= 1_000 && env.Keys.All(name => Regex.IsMatch(name, @"\A[A-Za-z_][A-Za-z0-9_]*\z")));
        return string.Join('\n', env.Select(pair => $"{pair.Key}={Text(pair.Value)}")) + Options(members);
    }

    public static string Invalidate(JsonElement root)
    {
        var members = Members(root, "refs", "all");
        var all = members.TryGetValue("all", out var flag) && Flag(flag);
        Need(all || members.ContainsKey("refs"));
        return $"{string.Join('\n', members.TryGetValue("refs", out var refs) ? Texts(refs, 1_000) : [])}|{all}";
    }

    public static string Oidc(JsonElement root)
    {
        var members = Members(root, "redirect_uri", "backend", "mount", "role", "address", "namespace");
        return Short(members["redirect_uri"]) + Where(members);
    }

    public static string Login(JsonElement root)
    {
        var members = Members(root, "method", "fields", "refs", "padding", "backend", "mount", "role", "address", "namespace");
        var method = Short(members["method"]);
        Need(Methods.Contains(method) && (!members.TryGetValue("padding", out var padding) || padding.ValueKind == JsonValueKind.String));
        var fields = members.TryGetValue("fields", out var given) ? Members(given) : [];
        var refs = members.TryGetValue("refs", out var named) ? Members(named) : [];
        Need(fields.Values.All(field => Text(field) is { Length: > 0 } text && System.Text.Encoding.UTF8.GetByteCount(text) <= 65_536));
        var (required, optional) = Credentials(method);
        string[] all = [.. fields.Keys, .. refs.Keys];
        Need(all.All(name => required.Contains(name) || optional.Contains(name)) && required.All(all.Contains) && all.Distinct().Count() == all.Length);
        Need(!(all.Contains("secret_id") && all.Contains("wrapped_secret_id")) && (method != "oidc" || refs.Count == 0));
        return $"{method}|{string.Join('\n', fields.Select(pair => $"{pair.Key}={Text(pair.Value)}"))}|{string.Join('\n', refs.Select(pair => $"{pair.Key}={Text(pair.Value)}"))}"
            + Where(members);
    }

    private static (string[] Required, string[] Optional) Credentials(string method) => method switch
    {
        "token" => (["token"], []),
        "userpass" => (["username", "password"], []),
        "approle" => (["role_id"], ["secret_id", "wrapped_secret_id"]),
        "jwt" => (["jwt"], []),
        "kubernetes" => ([], ["jwt"]),
        "oidc" => (["state", "code"], []),
        _ => ([], []),
    };

    private static string Where(Dictionary<string, JsonElement> members)
    {
        Need(Text(members["backend"]) is "vault" or "bao");
        Need(!members.TryGetValue("mount", out var mount) || IsMount(Short(mount)));
        return string.Concat(new[] { "backend", "mount", "role", "address", "namespace" }.Select(name => members.TryGetValue(name, out var text) ? $"|{name}={Short(text)}" : ""));
    }

    /// <summary>Names between slashes, one slash at either end or none.</summary>
    public static bool IsMount(string text) => text.Trim('/').Split('/').All(name => name is not ("" or "." or ".."));

    private static string Options(Dictionary<string, JsonElement> members)
    {
        var accounts = new List<string>();
        if (members.TryGetValue("flags", out var flags) && flags.ValueKind != JsonValueKind.Null)
        {
            foreach (var flag in Texts(flags, 16))
            {
                Need(Regex.IsMatch(flag, @"\A--account=[A-Za-z0-9._@:/][A-Za-z0-9._@:/-]{0,127}\z"));
                accounts.Add(flag["--account=".Length..]);
            }
        }

        Need(accounts.Distinct().Count() <= 1);
        return $"|{accounts.FirstOrDefault()}|{members.TryGetValue("fresh", out var fresh) && Flag(fresh)}";
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element, params string[] known)
    {
        Need(element.ValueKind == JsonValueKind.Object);
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in element.EnumerateObject())
            Need((known.Length == 0 || known.Contains(member.Name)) && members.TryAdd(member.Name, member.Value));
        foreach (var required in known.Where(name => name is "ref" or "env" or "redirect_uri" or "method" or "backend"))
            Need(members.ContainsKey(required));
        Need(!known.Contains("refs") || known.Contains("all") || known.Contains("method") || members.ContainsKey("refs"));
        return members;
    }

    private static string Short(JsonElement element)
    {
        var text = Text(element);
        Need(text.Length is > 0 and <= 2_048 && !text.Any(char.IsControl));
        return text;
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new JsonException();

    private static bool Flag(JsonElement element)
    {
        Need(element.ValueKind is JsonValueKind.True or JsonValueKind.False);
        return element.GetBoolean();
    }

    private static List<string> Texts(JsonElement element, int most)
    {
        Need(element.ValueKind == JsonValueKind.Array && element.GetArrayLength() <= most);
        return [.. element.EnumerateArray().Select(Text)];
    }

    private static void Need(bool isSo)
    {
        if (!isSo)
            throw new JsonException();
    }
}
