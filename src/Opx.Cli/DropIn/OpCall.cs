namespace Opx.Cli.DropIn;

internal enum OpVerb
{
    Read,
    Run,
    Inject,
}

/// <summary>A call of <c>op</c> that opx answers. What it does not know, in a command or an option, is the real op's to answer: then there is
/// no such call.</summary>
internal sealed record OpCall(OpVerb Verb)
{
    // Options whose value, or presence, changes nothing about the three commands.
    private static readonly HashSet<string> WithoutEffect = ["--cache", "--no-color", "--iso-timestamps"];

    public string? Account { get; private set; }

    /// <summary>Of <c>read</c>.</summary>
    public string Reference { get; private set; } = "";

    public bool ExactValue { get; private set; }

    public string? OutFile { get; private set; }

    public string? InFile { get; private set; }

    public string? FileMode { get; private set; }

    public bool Force { get; private set; }

    /// <summary>Null where the environment decides.</summary>
    public bool? IsUnmasked { get; private set; }

    public List<string> EnvFiles { get; } = [];

    /// <summary>How many words follow <c>--</c>.</summary>
    public int ChildWords { get; private set; }

    /// <summary>Null where the real op has to be asked.</summary>
    public static OpCall? Parse(IReadOnlyList<string> words)
    {
        var dashes = words.ToList().IndexOf("--");
        var ours = dashes < 0 ? words.Count : dashes;
        var verb = Verbs(words, ours);
        if (verb is null)
            return null;
        var call = new OpCall(verb.Value) { ChildWords = dashes < 0 ? 0 : words.Count - dashes - 1 };
        var operands = new List<string>();
        for (var i = 0; i < ours; i++)
        {
            if (words[i] is not ['-', _, ..])
                operands.Add(words[i]);
            else if (!call.Take(words, ours, ref i))
                return null;
        }

        return call.IsWhole(operands, dashes >= 0) ? call : null;
    }

    // The first word that is neither an option nor the value of one of op's global options.
    private static OpVerb? Verbs(IReadOnlyList<string> words, int ours)
    {
        for (var i = 0; i < ours; i++)
        {
            if (words[i] is "--account" or "--format" or "--encoding" or "--config" or "--session")
                i++;
            else if (words[i] is not ['-', ..])
                return words[i] switch { "read" => OpVerb.Read, "run" => OpVerb.Run, "inject" => OpVerb.Inject, _ => null };
        }

        return null;
    }

    /// <summary>A switch in a variable, as op reads it.</summary>
    public static bool Truth(string? text) => text is "1" or "t" or "T" or "true" or "True" or "TRUE";

    private bool IsWhole(List<string> operands, bool hasDashes) => Verb switch
    {
        OpVerb.Read => operands.Count == 2 && !hasDashes && (Reference = operands[1]).StartsWith("op://", StringComparison.Ordinal),
        OpVerb.Run => operands.Count == 1 && hasDashes && ChildWords > 0,
        _ => operands.Count == 1 && !hasDashes,
    };

    /// <summary>One word with options in it, as pflag reads them: <c>--name=value</c>, <c>--name value</c>, <c>-nf</c>, <c>-ofile</c>.</summary>
    private bool Take(IReadOnlyList<string> words, int end, ref int at)
    {
        var word = words[at];
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            var equals = word.IndexOf('=');
            var name = equals < 0 ? word : word[..equals];
            if (IsSwitch(name))
                return Switch(name, equals < 0 ? "true" : word[(equals + 1)..]);
            return equals >= 0 ? Value(name, word[(equals + 1)..]) : at + 1 < end && Value(name, words[++at]);
        }

        for (var i = 1; i < word.Length; i++)
        {
            var name = Long(word[i]);
            if (name is null)
                return false;
            if (IsSwitch(name))
            {
                if (!Switch(name, "true"))
                    return false;
                continue;
            }

            var rest = word[(i + 1)..];
            return rest.Length > 0 ? Value(name, rest.TrimStart('=')) : at + 1 < end && Value(name, words[++at]);
        }

        return true;
    }

    private static string? Long(char letter) => letter switch { 'n' => "--no-newline", 'f' => "--force", 'o' => "--out-file", 'i' => "--in-file", _ => null };

    private static bool IsSwitch(string name) => name is "--no-newline" or "--force" or "--no-masking" || WithoutEffect.Contains(name);

    private bool Switch(string name, string value)
    {
        if (value is not ("true" or "false"))
            return false;
        switch (name, Verb)
        {
            case ("--no-newline", OpVerb.Read):
                ExactValue = value == "true";
                return true;
            case ("--force", OpVerb.Read or OpVerb.Inject):
                Force = value == "true";
                return true;
            case ("--no-masking", OpVerb.Run):
                IsUnmasked = value == "true";
                return true;
            default:
                return WithoutEffect.Contains(name);
        }
    }

    private bool Value(string name, string value)
    {
        switch (name, Verb)
        {
            case ("--account", _):
                Account = value;
                return true;
            case ("--format", _):
                return value is "human-readable" or "json";
            case ("--out-file", OpVerb.Read or OpVerb.Inject):
                OutFile = value;
                return value.Length > 0;
            case ("--in-file", OpVerb.Inject):
                InFile = value;
                return value.Length > 0;
            case ("--file-mode", OpVerb.Read or OpVerb.Inject):
                FileMode = value;
                return true;
            case ("--env-file", OpVerb.Run):
                EnvFiles.Add(value);
                return value.Length > 0;
            default:
                return false;
        }
    }
}
