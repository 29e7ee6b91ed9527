using System.Text;
using Opx.Cli.Diagnosis;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>Findings for people and for programs.</summary>
internal static class FindingText
{
    public static string Of(IReadOnlyList<Finding> findings, Screen screen)
    {
        var text = new StringBuilder();
        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            var (word, color) = finding.Verdict switch
            {
                Verdict.Good => ("ok   ", 32),
                Verdict.Note => ("note ", 33),
                _ => ("FAULT", 31),
            };
            var (at, label) = (text.Length, $"{word}  {finding.Check.PadRight(width)}  ");
            text.Append(screen.Fit($"{label}{Printable.Text(finding.Reason, int.MaxValue - 1_024)}\n"));
            if (screen.HasColor)
                text.Replace(word, $"\u001b[{color}m{word}\u001b[0m", at, label.Length);
            if (finding is { Verdict: not Verdict.Good, Mend: { } mend })
                text.Append(screen.Fit($"{new string(' ', width + 9)}mend: {Printable.Text(mend, int.MaxValue - 1_024)}\n"));
        }

        var faults = findings.Count(finding => finding.Verdict == Verdict.Fault);
        text.Append(faults == 0 ? "everything is in order\n" : $"{faults} {(faults == 1 ? "thing" : "things")} to mend\n");
        return text.ToString();
    }

    public static byte[] Json(IReadOnlyList<Finding> findings)
    {
        var json = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("clean", findings.All(finding => finding.Verdict != Verdict.Fault));
            writer.WriteStartArray("checks");
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("check", finding.Check);
                writer.WriteString("result", finding.Verdict switch { Verdict.Good => "ok", Verdict.Note => "note", _ => "fault" });
                writer.WriteString("reason", finding.Reason);
                if (finding.Mend is { } mend)
                    writer.WriteString("mend", mend);
                writer.WriteBoolean("can_fix", finding.Fix is not null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return [.. json, (byte)'\n'];
    }
}
