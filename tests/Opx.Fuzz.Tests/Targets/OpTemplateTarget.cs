using System.Text;
using Opx.Cli.DropIn;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Templates of <c>op inject</c>: the places that a scanner by hand finds, filled as op fills them, and nothing else touched.</summary>
internal sealed class OpTemplateTarget() : Target("op-template", 6)
{
    public override byte[] Generate(Choices choices)
    {
        var text = new StringBuilder();
        for (var pieces = choices.Between(1, 6); pieces > 0; pieces--)
            text.Append(choices.Of("{{ op://v/i/f }}", "op://v/i/f", "op://$V/${I:-i}/f", "{{op://$V/i", "}}", "}", "${", "$", "x", "-", " ", "\n", "op://", "{{", "\\", Words.Piece(choices)));
        return Mutation.Some(Encoding.UTF8.GetBytes(text.ToString()), choices);
    }

    public override void Check(byte[] input)
    {
        var template = OpTemplate.Parse(input, name => name == "V" ? "vault" : null);
        Oracle.SameBytes(Plain(Encoding.Latin1.GetString(input)), template.Fill(Value), "the template, filled");
    }

    private static byte[] Value(string reference) => [(byte)'<', .. Encoding.UTF8.GetBytes(reference), 1, (byte)'>'];

    private static byte[] Plain(string text)
    {
        var filled = new List<byte>();
        for (var at = 0; at < text.Length;)
        {
            var (from, to, end) = Place(text, at);
            if (end == at)
            {
                filled.Add((byte)text[at++]);
                continue;
            }

            var reference = OpTemplate.Expand(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text[from..to].Trim(' ', '\t'))), name => name == "V" ? "vault" : null);
            filled.AddRange(Value(reference).Where(one => one is >= 0x20 or (byte)'\t' or (byte)'\n'));
            at = end;
        }

        return [.. filled];
    }

    private static (int From, int To, int End) Place(string text, int at)
    {
        if (Follows(text, at, "{{"))
        {
            var from = at + 2;
            while (from < text.Length && text[from] is ' ' or '\t')
                from++;
            if (Follows(text, from, "op://") && text.IndexOfAny(['}', '\n'], from) is >= 0 and var to && Follows(text, to, "}}"))
                return (from, to, to + 2);
        }

        if (!Follows(text, at, "op://") || (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || "-+\\.".Contains(text[at - 1]))))
            return (at, at, at);
        var end = at + 5;
        for (var before = -1; before != end;)
        {
            before = end;
            if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || "-?=_./".Contains(text[end])))
                end++;
            else if (Follows(text, end, "${") && text.IndexOfAny(['}', '\n'], end + 2) is >= 0 and var close && text[close] == '}')
                end = close + 1;
            else if (Follows(text, end, "$") && end + 1 < text.Length && (char.IsAsciiLetter(text[end + 1]) || text[end + 1] == '_'))
                end += 2;
        }

        return end == at + 5 ? (at, at, at) : (at, end, end);
    }

    private static bool Follows(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;
}
