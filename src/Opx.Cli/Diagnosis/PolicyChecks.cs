using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Protocol;

namespace Opx.Cli.Diagnosis;

/// <summary>The policy file, by the evaluator's own reader.</summary>
internal static class PolicyChecks
{
    public static IEnumerable<Finding> Of(string file, uint owner, DateTimeOffset now)
    {
        const string check = "policy";
        var shown = Printable.Text(file);
        if (PolicyFile.Read(file, owner) is not { } load)
            return [Finding.Good(check, $"{shown} is not there: every program of yours may read")];
        var found = PolicyFindings.Of(load, now);
        var isInvalid = load.Fault is not null;
        return found.Count == 0
            ? [Finding.Good(check, $"{shown} is valid")]
            : found.Select(fault => Finding.Fault(
                check, (isInvalid ? "every read is refused: " : "") + fault, "edit the file, then opx policy check"));
    }
}
