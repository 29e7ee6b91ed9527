using System.Text;
using System.Text.RegularExpressions;
using Opx.Daemon.Identity;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>What <c>/proc/PID/stat</c> and <c>/proc/PID/status</c> say, whatever the process calls itself.</summary>
internal sealed partial class ProcTarget() : Target("proc", 10)
{
    public override byte[] Generate(Choices choices)
    {
        var name = choices.Of("sh", ") S 1 1", "(((", "a b", "x\n", Words.Text(choices));
        var numbers = string.Join(' ', Enumerable.Range(0, choices.Of(20, 20, 20, 18, 50)).Select(_ => choices.Of("0", "-1", "42", "4194304", "2147483648", "18446744073709551615", "18446744073709551616", "+3", "0x1", "")));
        var stat = $"{choices.Below(99_999)} ({name}) {choices.Of("S", "R", "Z", "")} {choices.Below(70_000)} {numbers}\n";
        var status = $"Name:\t{name.Replace("\n", "\\n")}\nUmask:\t0022\nTracerPid:\t{choices.Of("0", "77", "", "x")}\nUid:\t{choices.Of("1000\t1000\t1000\t1000", "0\t1\t2\t4294967295", "1000\t1000", "-1\t0\t0\t0")}\nGid:\t0\n";
        return Mutation.Some(Encoding.UTF8.GetBytes(choices.Chance(60) ? stat : status), choices);
    }

    public override void Check(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        Oracle.Same(Plain(text), ProcStat.Parse(input), "the origin");
        var ids = ProcStatus.UserIds(input);
        var uid = Uid().Match(text);
        if (ids is not null && uid.Success)
            Oracle.Same(string.Join(' ', uid.Groups[1].Value.Split('\t').Select(uint.Parse)), string.Join(' ', ids), "the user's ids");
        Oracle.Holds(!uid.Success || ids is not null || uid.Groups[1].Value.Split('\t').Any(id => !uint.TryParse(id, out _)), "ids that are there and not found");
        if (ProcStatus.Tracer(input) is { } tracer)
            Oracle.Holds(text.Contains($"\nTracerPid:\t", StringComparison.Ordinal) && tracer.ToString().Length > 0, "a tracer from nowhere");
    }

    private static ProcessOrigin? Plain(string text)
    {
        var bracket = text.LastIndexOf(')');
        if (bracket < 0 || bracket + 2 > text.Length)
            return null;
        var fields = text[(bracket + 2)..].Split(' ');
        return fields.Length > 19 && Whole().IsMatch(fields[1]) && int.TryParse(fields[1], out var parent) && Digits().Match(fields[19]) is { Success: true } digits && ulong.TryParse(digits.Value, out var start)
            ? new ProcessOrigin(parent, start)
            : null;
    }

    [GeneratedRegex(@"\A[+-]?[0-9]+\z")]
    private static partial Regex Whole();

    // A newline ends the last field of all.
    [GeneratedRegex(@"\A[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A(?:(?!\nUid:\t)[\s\S])*\nUid:\t([0-9]{1,9}\t[0-9]{1,9}\t[0-9]{1,9}\t[0-9]{1,9})\n")]
    private static partial Regex Uid();
}
