using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>Makes allow rules of denials: asks which and how much, replays the log, shows the change, writes it.</summary>
internal sealed class RuleEditor(IReadOnlyList<Denial> denials, Func<IEnumerable<AuditRecord>> records, Screen screen, TimeProvider clock)
{
    private sealed class QuitException : Exception;

    /// <returns>The exit code.</returns>
    public int Run(string policy, Surroundings around, Report report)
    {
        try
        {
            var chosen = Chosen();
            using var change = PolicyChange.Of(policy, around.UserId, isSure: false);
            var after = change.Before ?? [];
            foreach (var denial in chosen)
                after = PolicyEdit.Add(after, RuleList.Allow, RuleFor(denial));
            Rehearse(change, after);
            return change.Make(after, around, report);
        }
        catch (QuitException)
        {
            return Messages.Fail(ExitCode.Failed, "nothing was changed");
        }
    }

    private List<Denial> Chosen()
    {
        while (true)
        {
            var answer = Ask("\nSelect denials to create allow rules for (1,3,5 or q): ");
            var numbers = answer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(word => int.TryParse(word, out var number) ? number : 0).Distinct().ToList();
            if (numbers.Count > 0 && numbers.TrueForAll(number => number >= 1 && number <= denials.Count))
                return numbers.ConvertAll(number => denials[number - 1]);
            Messages.Error($"say numbers from 1 to {denials.Count}, with commas between them, or q");
        }
    }

    private PolicyRule RuleFor(Denial denial)
    {
        if (denial.Process is null)
            throw new FailureException(ExitCode.Failed, "a process that could not be identified cannot be allowed: nothing was changed");
        if (PermissionLevel.Of(denial.Reference) is not { } levels)
        {
            throw new FailureException(
                ExitCode.Failed,
                $"{Printable.Text(denial.Reference)} cannot be named by a rule as it is: 'opx policy add' takes patterns; nothing was changed");
        }

        var text = new StringBuilder();
        screen.Append(text, "Creating allow rule for: ", $"{denial.Script ?? denial.Process} -> {denial.Reference}");
        text.Append("Select permission level:\n");
        for (var i = 0; i < levels.Count; i++)
            screen.Append(text, $"  [{i + 1}] ", $"{levels[i].Pattern} ({levels[i].Meaning})");
        StandardStreams.Print(text.ToString());
        return new PolicyRule
        {
            Path = denial.Process,
            Script = denial.Script,
            Refs = [levels[Level(levels.Count)].Pattern],
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = "opx audit",
        };
    }

    private static int Level(int count)
    {
        while (true)
        {
            if (int.TryParse(Ask("Choice: "), out var choice) && choice >= 1 && choice <= count)
                return choice - 1;
            Messages.Error($"say a number from 1 to {count}, or q");
        }
    }

    private void Rehearse(PolicyChange change, byte[] after)
    {
        // Whatever is wrong with it is said by the change itself.
        if (PolicyFile.Load(after, change.Path).Document is not { } proposed)
            return;
        var today = change.Before is null ? null : new AccessPolicy(PolicyFile.Load(change.Before, change.Path).Document!);
        StandardStreams.Print($"\n{Replay.Of(records(), today, new AccessPolicy(proposed), clock.GetUtcNow())}\n\n");
    }

    private static string Ask(string question)
    {
        Messages.Raw(question);
        var answer = Terminal.ReadLine()?.Trim() ?? "q";
        return answer is "q" or "Q" ? throw new QuitException() : answer;
    }
}
