using System.Text.Json;

namespace Opx.Policy.Loading;

/// <summary>Where the parts of a file stand, in bytes: what an edit needs to leave the rest as it is.</summary>
/// <param name="End">Behind the closing bracket.</param>
internal sealed record ListSpan(int Start, int End, IReadOnlyList<(int Start, int End)> Rules);

/// <summary>The outermost object: <c>allow</c>, <c>deny</c>, <c>default_deny</c>.</summary>
internal sealed class DocumentReader
{
    private readonly List<PolicyRule> _allow = [];
    private readonly List<PolicyRule> _deny = [];
    private bool _defaultDeny;

    public ListSpan? AllowSpan { get; private set; }

    public ListSpan? DenySpan { get; private set; }

    /// <summary>Where the last member of the outermost object ends; 0 where it has none.</summary>
    public int LastMemberEnd { get; private set; }

    /// <summary>Where the outermost object's brackets stand.</summary>
    public (int Open, int Close) Braces { get; private set; }

    /// <exception cref="PolicyFaultException">The file is not understood.</exception>
    public static PolicyDocument Read(ReadOnlySpan<byte> content, string path)
    {
        var reader = new DocumentReader();
        reader.Read(content);
        return new PolicyDocument(path, reader._allow, reader._deny, reader._defaultDeny);
    }

    /// <exception cref="PolicyFaultException">The file is not understood.</exception>
    public void Read(ReadOnlySpan<byte> content)
    {
        var reader = new StrictReader(content);
        if (reader.Token != JsonTokenType.StartObject)
            throw reader.Fault("must be a JSON object");
        var open = reader.Start;
        var seen = new HashSet<string>();
        while (reader.NextMember(seen) is { } member)
        {
            switch (member)
            {
                case "allow":
                    AllowSpan = Rules(ref reader, member, _allow);
                    break;
                case "deny":
                    DenySpan = Rules(ref reader, member, _deny);
                    break;
                case "default_deny":
                    _defaultDeny = reader.Boolean(member);
                    break;
                default:
                    throw reader.Fault($"'{StrictReader.Shown(member)}' is not known: known are allow, deny and default_deny");
            }

            LastMemberEnd = reader.End;
        }

        Braces = (open, reader.Start);
        // Anything but white space behind it is a fault of its own.
        reader.Next();
    }

    private static ListSpan Rules(ref StrictReader reader, string member, List<PolicyRule> rules)
    {
        if (reader.Token != JsonTokenType.StartArray)
            throw reader.Fault($"'{member}' must be an array of rules");
        var (start, spans) = (reader.Start, new List<(int, int)>());
        while (reader.Next() && reader.Token != JsonTokenType.EndArray)
        {
            var ruleStart = reader.Start;
            rules.Add(RuleReader.Read(ref reader));
            spans.Add((ruleStart, reader.End));
        }

        return new ListSpan(start, reader.End, spans);
    }
}
