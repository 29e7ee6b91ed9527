using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Tests.Auditing;

public sealed class DenialTests
{
    private static readonly Screen Endless = new(int.MaxValue, false);

    [Fact]
    public void Denials_are_grouped_by_caller_and_reference_newest_first()
    {
        var denials = Denial.Of(
        [
            Denied.Record("/bin/a", "op://v/i/f"),
            Denied.Record("/bin/b", "op://v/i/f", minute: 1),
            Denied.Record("/bin/a", "op://v/i/f", minute: 5),
            Denied.Record("/bin/a", "op://v/i/other", minute: 2),
            Denied.Record("/bin/a", "op://v/i/f", minute: 9, decision: AuditEvent.Allow),
            new AuditRecord(Denied.Noon, new AuditEvent(AuditEvents.Authentication) { Decision = AuditEvent.Deny }, 1),
        ]);
        Assert.Equal(
            [("/bin/a", "op://v/i/f", 2L), ("/bin/a", "op://v/i/other", 1L), ("/bin/b", "op://v/i/f", 1L)],
            denials.Select(denial => (denial.Process!, denial.Reference, denial.Count)));
        Assert.Equal(Denied.Noon.AddMinutes(5), denials[0].Last);
    }

    [Fact]
    public void Two_scripts_of_one_interpreter_are_two_callers() =>
        Assert.Equal(2, Denial.Of([Denied.Record("/usr/bin/python3", "op://v/i/f", script: "/a.py"), Denied.Record("/usr/bin/python3", "op://v/i/f", script: "/b.py")]).Count);

    [Fact]
    public void The_list_is_as_people_know_it() => Assert.Equal(
        """
        Found 1 unique access denial:

        [1] Process: /usr/bin/kubectl
            Reference: op://Production/k8s/token
            Denied: 2 times, Last: 2026-11-22 12:01:00

        """,
        DenialText.Of(
            Denial.Of([Denied.Record("/usr/bin/kubectl", "op://Production/k8s/token"), Denied.Record("/usr/bin/kubectl", "op://Production/k8s/token", minute: 1)]),
            Endless, TimeZoneInfo.Utc));

    [Fact]
    public void What_moves_a_terminal_is_shown_and_not_sent()
    {
        var text = DenialText.Of(Denial.Of([Denied.Record("/tmp/\u001b[2J\u202e\nx", "op://v/i/\u009b")]), Endless, TimeZoneInfo.Utc);
        Assert.Contains(@"/tmp/\u{1b}[2J\u{202e}\u{a}x", text);
        Assert.All(text, character => Assert.True(character is '\n' or (>= ' ' and <= '~'), $"U+{(int)character:x}"));
    }

    [Fact]
    public void One_time_is_one_time() =>
        Assert.Contains("Denied: 1 time, Last", DenialText.Of(Denial.Of([Denied.Record("/bin/a", "op://v/i/f")]), Endless, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("漢字漢字漢字漢字漢字", new[] { "漢字漢字漢字漢字", "漢字" })]
    [InlineData("a漢字漢字漢字漢字b", new[] { "a漢字漢字漢字漢", "字b" })]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔑🔑", new[] { "🔑🔑🔑🔑🔑🔑🔑🔑", "🔑" })]
    [InlineData("e\u0301e\u0301aaaaaaaaaaaaaae\u0301x", new[] { "e\u0301e\u0301aaaaaaaaaaaaaa", "e\u0301x" })]
    public void A_wide_character_takes_two_columns_and_an_accent_none(string text, string[] lines)
    {
        var into = new System.Text.StringBuilder();
        new Screen(20, false).Append(into, ">>> ", text);
        Assert.Equal(lines, into.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[4..]));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(132)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_screen_and_nothing_is_left_out(int width)
    {
        var path = "/" + string.Concat(Enumerable.Range(0, 90).Select(i => $"{i:d3}/"));
        var text = DenialText.Of(Denial.Of([Denied.Record(path, "op://v/i/f")]), new Screen(width, false), TimeZoneInfo.Utc);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains(path, string.Concat(text.Split('\n').Select(line => line.TrimStart())));
        var record = new System.Text.StringBuilder();
        RecordText.Append(record, Denied.Record(path, "op://v/i/f"), new Screen(width, false), TimeZoneInfo.Utc);
        Assert.All(record.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Colour_is_only_where_a_screen_has_it()
    {
        var (plain, colored) = (new System.Text.StringBuilder(), new System.Text.StringBuilder());
        RecordText.Append(plain, Denied.Record("/bin/DENY", "op://v/i/f"), new Screen(100, false), TimeZoneInfo.Utc);
        RecordText.Append(colored, Denied.Record("/bin/DENY", "op://v/i/f"), new Screen(100, true), TimeZoneInfo.Utc);
        Assert.Equal("2026-11-22 12:00:00  DENY   /bin/DENY  op://v/i/f\n", plain.ToString());
        Assert.Equal("2026-11-22 12:00:00  \u001b[31mDENY\u001b[0m   /bin/DENY  op://v/i/f\n", colored.ToString());
    }
}
