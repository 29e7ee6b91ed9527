using System.Text;
using Opx.Policy.Loading;

namespace Opx.Policy.Editing;

/// <summary>Which list of the file a rule stands in.</summary>
public enum RuleList
{
    Allow,
    Deny,
}

/// <summary>Changes to the file's bytes. What a change does not touch stays as it is, byte for byte: order, layout, notes.</summary>
/// <remarks>Pure. The content must be one that <see cref="PolicyFile.Load"/> took.</remarks>
public static class PolicyEdit
{
    private const string NewList = "\n    ";

    /// <summary>The file with a rule at the end of a list; no content is an empty policy.</summary>
    public static byte[] Add(ReadOnlySpan<byte> content, RuleList list, PolicyRule rule)
    {
        if (content.IsEmpty)
            content = "{\n}\n"u8;
        var (parts, text) = (Parse(content), RuleText.Of(rule));
        if (Span(parts, list) is not { } span)
            return AddList(content, parts, $"\"{Name(list)}\": [{NewList}{text}\n  ]");
        if (span.Rules.Count == 0)
            return Replace(content, span.Start, span.End, $"[{NewList}{text}\n  ]");
        var (start, end) = span.Rules[^1];
        return Replace(content, end, end, $",{LayoutBefore(content, start)}{text}");
    }

    /// <summary>The file without a rule.</summary>
    /// <param name="number">From 1, as in <c>rule 1</c>.</param>
    public static byte[] Remove(ReadOnlySpan<byte> content, RuleList list, int number)
    {
        if (Span(Parse(content), list) is not { } span || number < 1 || number > span.Rules.Count)
            throw new ArgumentOutOfRangeException(nameof(number));
        var (rules, at) = (span.Rules, number - 1);
        if (rules.Count == 1)
            return Replace(content, span.Start, span.End, "[]");
        // With the comma behind it; the last one with the comma before it.
        return at + 1 < rules.Count
            ? Replace(content, rules[at].Start, rules[at + 1].Start, "")
            : Replace(content, rules[at - 1].End, rules[at].End, "");
    }

    /// <summary>As it is called in the file.</summary>
    public static string Name(this RuleList list) => list == RuleList.Allow ? "allow" : "deny";

    private static DocumentReader Parse(ReadOnlySpan<byte> content)
    {
        var parts = new DocumentReader();
        try
        {
            parts.Read(content);
        }
        catch (PolicyFaultException fault)
        {
            throw new ArgumentException($"line {fault.Line}: {fault.Message}", nameof(content), fault);
        }

        return parts;
    }

    private static ListSpan? Span(DocumentReader parts, RuleList list) => list == RuleList.Allow ? parts.AllowSpan : parts.DenySpan;

    private static byte[] AddList(ReadOnlySpan<byte> content, DocumentReader parts, string member) => parts.LastMemberEnd > 0
        ? Replace(content, parts.LastMemberEnd, parts.LastMemberEnd, $",\n  {member}")
        : Replace(content, parts.Braces.Open + 1, parts.Braces.Close, $"\n  {member}\n");

    // The white space before a rule: the next one stands as it does.
    private static string LayoutBefore(ReadOnlySpan<byte> content, int start)
    {
        var before = content[..start];
        var length = start - before.TrimEnd(" \t\r\n"u8).Length;
        return length == 0 ? " " : Encoding.UTF8.GetString(before[^length..]);
    }

    private static byte[] Replace(ReadOnlySpan<byte> content, int start, int end, string text) =>
        [.. content[..start], .. Encoding.UTF8.GetBytes(text), .. content[end..]];
}
