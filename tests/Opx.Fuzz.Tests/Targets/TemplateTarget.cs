using System.Text;
using System.Text.RegularExpressions;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Templates: the places that a regular expression finds, filled, and nothing else touched.</summary>
internal sealed partial class TemplateTarget() : Target("template", 8)
{
    public override byte[] Generate(Choices choices)
    {
        var text = new StringBuilder();
        for (var pieces = choices.Between(1, 5); pieces > 0; pieces--)
            text.Append(choices.Of($"{{{{ {Words.GoodReference(choices)} }}}}", "{{op://v/i/f}}", "{{ Vault://p#k}}", "{{ name }}", "{{{", "}}", "{{\n", " ", "\n", "x", "{{ op://", Words.Piece(choices)));
        return Mutation.Some(Encoding.UTF8.GetBytes(text.ToString()), choices);
    }

    public override void Check(byte[] input)
    {
        var (plain, isGood) = Plain(Encoding.Latin1.GetString(input));
        byte[] filled;
        try
        {
            var template = Template.Parse([.. input], "f");
            filled = template.Fill(Value);
        }
        catch (FailureException refusal)
        {
            Oracle.IsFit(refusal.Message);
            Oracle.Holds(!isGood, $"refused without a reason: {refusal.Message}");
            return;
        }

        Oracle.Holds(isGood, "taken, and should not be");
        Oracle.SameBytes(plain, filled, "the template, filled");
    }

    // Longer and shorter than its place, and looking like one itself.
    private static byte[] Value(string reference) => Encoding.UTF8.GetBytes(reference.Length % 2 == 0 ? "" : $"{{{{ {reference} }}}}\0");

    private static (byte[] Filled, bool IsGood) Plain(string text)
    {
        var isGood = true;
        var filled = Place().Replace(text, place =>
        {
            var bytes = Encoding.Latin1.GetBytes(place.Groups["ref"].Value.TrimEnd(' ', '\t'));
            var reference = Encoding.UTF8.GetString(bytes);
            if (!place.Groups["end"].Success || SecretReference.Parse(reference, out _) is null || !Encoding.UTF8.GetBytes(reference).AsSpan().SequenceEqual(bytes))
                isGood = false;
            return Encoding.Latin1.GetString(Value(reference));
        });
        return (Encoding.Latin1.GetBytes(filled), isGood);
    }

    [GeneratedRegex(@"\{\{(?!\{)[ \t]*(?<ref>(?:op|vault|bao)://(?:(?!\}\})[^\n])*)(?<end>\}\})?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
