using System.Text;
using System.Text.RegularExpressions;
using Opx.Cli.Logins;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>What a browser brings back: the first code and state of the query, percent-decoded.</summary>
internal sealed partial class CallbackTarget() : Target("callback", 4)
{
    public override byte[] Generate(Choices choices)
    {
        var query = string.Join('&', Enumerable.Range(0, choices.Between(0, 4)).Select(_ => choices.Of("code", "state", "error", "x", "c%6Fde") + choices.Of("=", "=", "") + choices.Of("abc", "a+b", "%41%2", "%zz", "%c3%a9", "", "=", Words.Piece(choices))));
        return Mutation.Some(Encoding.UTF8.GetBytes($"{choices.Of("GET", "GET", "POST")} /oidc/callback{choices.Of("?", "?", "")}{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"), choices);
    }

    public override void Check(byte[] input)
    {
        using var request = CallbackRequest.Parse(input);
        var plain = Head().Match(Encoding.Latin1.GetString(input));
        Oracle.Same(plain.Success, request is not null, "whether it is one");
        if (request is null)
            return;
        Oracle.Same(Plain(plain.Groups[1].Value, "code"), request.Code is { } code ? Encoding.Latin1.GetString(code) : null, "the code");
        Oracle.Same(Plain(plain.Groups[1].Value, "state"), request.State is { } state ? Encoding.Latin1.GetString(state) : null, "the state");
    }

    private static string? Plain(string query, string name) => query.Split('&').Where(part => part.Split('=')[0] == name).Select(part =>
        Escape().Replace((part.IndexOf('=') is >= 0 and var sign ? part[(sign + 1)..] : "").Replace('+', ' '), escape => ((char)Convert.ToInt32(escape.Groups[1].Value, 16)).ToString())).FirstOrDefault();

    [GeneratedRegex(@"\AGET /oidc/callback\?((?:(?!\r\n)[^ ])*) (?:(?!\r\n)[\s\S])*\r\n")]
    private static partial Regex Head();

    [GeneratedRegex("%([0-9A-Fa-f]{2})")]
    private static partial Regex Escape();
}
