using System.Text;
using System.Text.RegularExpressions;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Env files: as the plain rules have them, and what was read, written in quotes, is read again.</summary>
internal sealed class EnvFileTarget() : Target("env-file", 10)
{
    // A few lines that double each other may make values up to the limit of a file, which are held a few times while they are made and looked at.
    public override long MostAllocated(int inputBytes) => base.MostAllocated(inputBytes) + (8L * EnvFileValues.MostBytes);

    public override byte[] Generate(Choices choices)
    {
        var text = new StringBuilder();
        // Now and then so many that each doubles the one before.
        for (var doublings = choices.Of(0, 0, 0, 0, 0, 0, 0, 0, 0, choices.Between(1, 14)); doublings > 0; doublings--)
            text.Append(choices.Of("A=$A$A\n", "A=${B}$A\n", "B=\"$A$A\"\n", "A=0123456789abcdef\n"));
        for (var lines = choices.Between(1, 4); lines > 0; lines--)
        {
            text.Append(choices.Of("", "", "export ", "  ", "export\t", "# c\n", "\n")).Append(choices.Of("A", "B", "export", "_x1", "9", "a-b"));
            text.Append(choices.Of("=", "=", "=", " = ", "= ", "")).Append(Value(choices)).Append(choices.Of("\n", "\n", "\r\n", " # c\n", "", "\r"));
        }

        return Mutation.Some(Encoding.Latin1.GetBytes(text.ToString()), choices);
    }

    public override void Check(byte[] input)
    {
        IReadOnlyList<EnvFileLine> found;
        try
        {
            found = Parse(input);
        }
        catch (FailureException refusal)
        {
            Oracle.IsFit(refusal.Message);
            Oracle.Holds(Regex.Match(refusal.Message, @"\Af:([0-9]+): ") is { Success: true } at && int.Parse(at.Groups[1].Value) <= 1 + input.AsSpan().Count((byte)'\n'), refusal.Message);
            // What is too much is so by a count of its own, before the plain rules would make all of it.
            Oracle.Holds(refusal.Message.Contains("MiB") ? IsTooMuch(input) : Plain(input) is null, $"refused without a reason: {refusal.Message}");
            return;
        }

        var plain = Plain(input);
        Oracle.Holds(plain is not null, "taken, and should not be");
        Oracle.Same(
            string.Join('\n', plain!.Select(one => $"{one.Line}:{one.Name}={one.Value}")),
            string.Join('\n', found.Select(one => $"{one.Line}:{one.Name}={Encoding.Latin1.GetString(one.Value)}")), "the file");
        var again = Parse([.. found.SelectMany(Written)]);
        for (var i = 0; i < found.Count; i++)
            Oracle.SameBytes(found[i].Value, again[i].Value, $"{found[i].Name}, written and read again");
    }

    private static List<(string Name, string Value, int Line)>? Plain(byte[] input) =>
        PlainEnvFile.Parse(Encoding.Latin1.GetString(input), name => name == "HOME" ? "/h" : null);

    // Nothing is long without an input that is, or lines that can double one another so often.
    private static bool IsTooMuch(byte[] input) =>
        input.Length >= EnvFileValues.MostValueBytes || input.Length * Math.Pow(2, Math.Min(64, input.AsSpan().Count((byte)'$'))) > EnvFileValues.MostValueBytes;

    private static IReadOnlyList<EnvFileLine> Parse(byte[] text) => EnvFile.Parse(text, "f", name => name == "HOME" ? "/h"u8.ToArray() : null);

    // A value with \r\n in it can only be told from one with \n by its escapes.
    private static byte[] Written(EnvFileLine line)
    {
        var value = Encoding.Latin1.GetString(line.Value);
        var quoted = value.Contains('\'') || value.Contains('\r') ? $"\"{Regex.Replace(value, """[\\"$`]""", "\\$0").Replace("\r", "\\r")}\"" : $"'{value}'";
        return Encoding.Latin1.GetBytes($"{line.Name}={quoted}\n");
    }

    private static string Value(Choices choices)
    {
        var text = "";
        for (var pieces = choices.Between(0, 3); pieces > 0; pieces--)
            text += choices.Of("a", "b c", "$A", "${B}", "${HOME}", "$$", "\\$", "\\n", "\\", "\\ ", "#x", " #y", "op://v/i/f", "vault://p#k", "'", "\"", "\\\"", "`", " ", "é", "${A", "$9", "\n", "=");
        return choices.Of(text, text, $"'{text}'", $"\"{text}\"", $"\"{text}\" # c");
    }
}
