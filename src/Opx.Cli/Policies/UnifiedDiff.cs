using System.Text;
using Opx.Protocol;

namespace Opx.Cli.Policies;

/// <summary>The difference of two texts as <c>diff -u</c> shows it, safe to print whatever the texts hold.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;
    private const int LongestLine = 4_000;

    // Lines with this many pairs are compared each with each; beyond it the middle counts as replaced.
    private const long MostPairs = 4_000_000;

    private readonly record struct Step(char Kind, string Line, int OldLine, int NewLine);

    /// <param name="path">What to call the file.</param>
    /// <returns>Nothing where both are the same.</returns>
    public static string Of(string path, string before, string after, bool hasColor)
    {
        var steps = Steps(Lines(before), Lines(after));
        var text = new StringBuilder();
        for (var at = 0; (at = steps.FindIndex(at, step => step.Kind != ' ')) >= 0;)
        {
            if (text.Length == 0)
            {
                Line(text, "--- " + (before.Length > 0 ? path : "/dev/null"), "1", hasColor);
                Line(text, "+++ " + path, "1", hasColor);
            }

            var end = HunkEnd(steps, at);
            Hunk(text, steps[Math.Max(0, at - Context)..Math.Min(steps.Count, end + Context)], hasColor);
            at = end;
        }

        return text.ToString();
    }

    // Behind the last change before a gap that two contexts do not fill.
    private static int HunkEnd(List<Step> steps, int at)
    {
        var end = at;
        for (var i = at; i < steps.Count && i - end <= 2 * Context; i++)
        {
            if (steps[i].Kind != ' ')
                end = i + 1;
        }

        return end;
    }

    private static void Hunk(StringBuilder text, List<Step> steps, bool hasColor)
    {
        var (olds, news) = (steps.Count(step => step.Kind != '+'), steps.Count(step => step.Kind != '-'));
        // A side without lines is said to follow the line before.
        var (oldStart, newStart) = (steps[0].OldLine + (olds > 0 ? 1 : 0), steps[0].NewLine + (news > 0 ? 1 : 0));
        Line(text, $"@@ -{oldStart},{olds} +{newStart},{news} @@", "36", hasColor);
        foreach (var step in steps)
            Line(text, step.Kind + step.Line, step.Kind switch { '+' => "32", '-' => "31", _ => "" }, hasColor);
    }

    private static void Line(StringBuilder text, string line, string color, bool hasColor)
    {
        var shown = Printable.Text(line.Replace("\t", "    "), LongestLine);
        text.Append(hasColor && color.Length > 0 ? $"\u001b[{color}m{shown}\u001b[0m" : shown).Append('\n');
    }

    private static List<Step> Steps(string[] before, string[] after)
    {
        var (start, most) = (0, Math.Min(before.Length, after.Length));
        while (start < most && before[start] == after[start])
            start++;
        var tail = 0;
        while (tail < most - start && before[^(tail + 1)] == after[^(tail + 1)])
            tail++;

        var steps = new List<Step>();
        var (o, n) = (0, 0);
        var common = Common(before[start..^tail], after[start..^tail]);
        var (oldEnd, newEnd) = (before.Length - tail, after.Length - tail);
        while (o < before.Length || n < after.Length)
        {
            var isMiddle = o >= start && n >= start && (o < oldEnd || n < newEnd);
            if (!isMiddle)
                steps.Add(new Step(' ', before[o], o++, n++));
            else if (o < oldEnd && n < newEnd && before[o] == after[n])
                steps.Add(new Step(' ', before[o], o++, n++));
            else if (o < oldEnd && (n == newEnd || common[o - start + 1, n - start] >= common[o - start, n - start + 1]))
                steps.Add(new Step('-', before[o], o++, n));
            else
                steps.Add(new Step('+', after[n], o, n++));
        }

        return steps;
    }

    // How long the longest common part of what follows is, for each pair of places.
    private static int[,] Common(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        if ((long)before.Length * after.Length > MostPairs)
            return common;
        for (var o = before.Length - 1; o >= 0; o--)
        {
            for (var n = after.Length - 1; n >= 0; n--)
                common[o, n] = before[o] == after[n] ? common[o + 1, n + 1] + 1 : Math.Max(common[o + 1, n], common[o, n + 1]);
        }

        return common;
    }

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
