using System.Text;
using Opx.Cli.DropIn;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Command lines of <c>op</c>, a word a line: answered only where all of it is known, and what follows <c>--</c> is the child's.</summary>
internal sealed class OpLineTarget() : Target("op-line", 5)
{
    private static readonly string[] Known =
    [
        "--account", "--format", "--out-file", "--in-file", "--file-mode", "--env-file", "--cache", "--no-color", "--iso-timestamps", "--no-newline", "--force", "--no-masking",
    ];

    public override byte[] Generate(Choices choices)
    {
        var words = new List<string> { choices.Of("read", "run", "inject", "item", "whoami") };
        for (var more = choices.Between(0, 6); more > 0; more--)
            words.Insert(choices.Chance(80) ? words.Count : 0, choices.Of("op://v/i/f", "-n", "-nf", "-ofile", "-o", "f", "-i", "--no-newline=false", "--force=maybe", "--account=a", "--format", "json", "--env-file", ".env", "--", "sh", "--session", "-x", "-", choices.Of(Known), Words.Piece(choices)));
        return Mutation.Some(Encoding.UTF8.GetBytes(string.Join('\n', words)), choices);
    }

    public override void Check(byte[] input)
    {
        var words = Encoding.UTF8.GetString(input).Split('\n');
        var call = OpCall.Parse(words);
        var dashes = Array.IndexOf(words, "--");
        string[] ours = dashes < 0 ? words : words[..dashes];
        if (dashes >= 0)
            Oracle.Same(Said(call), Said(OpCall.Parse([.. ours, "--", .. words[(dashes + 1)..].Select(_ => "-x")])), "the child's words changed what is ours");
        if (call is null)
            return;
        Oracle.Holds(ours.Contains(call.Verb.ToString().ToLowerInvariant()), $"the verb {call.Verb} from nowhere");
        Oracle.Holds(call.Verb == OpVerb.Read ? call.Reference.StartsWith("op://", StringComparison.Ordinal) && ours.Contains(call.Reference) : call.Reference.Length == 0, "the reference");
        Oracle.Holds(call.Verb == OpVerb.Run == call.ChildWords > 0, $"{call.ChildWords} words of a child");
        foreach (var word in ours.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            Oracle.Holds(Known.Contains(word.Split('=')[0]) || ours.Any(before => before is "--account" or "-o" or "-i" or "--out-file" or "--in-file" or "--file-mode" or "--env-file"), $"'{word}' is answered, and not known");
        foreach (var text in (string?[])[call.Account, call.OutFile, call.InFile, call.FileMode, .. call.EnvFiles])
            Oracle.Holds(text is null || ours.Any(word => word.Contains(text, StringComparison.Ordinal)), $"'{text}' from nowhere");
    }

    private static string Said(OpCall? call) => call is null
        ? "op's"
        : $"{call.Verb} {call.Account} {call.Reference} {call.ExactValue} {call.OutFile} {call.InFile} {call.FileMode} {call.Force} {call.IsUnmasked} {string.Join(',', call.EnvFiles)} {call.ChildWords}";
}
