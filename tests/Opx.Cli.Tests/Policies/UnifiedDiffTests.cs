using System.Diagnostics;
using Opx.Cli.Policies;

namespace Opx.Cli.Tests.Policies;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void The_same_text_has_no_difference() => Assert.Equal("", UnifiedDiff.Of("f", "a\nb\n", "a\nb\n", hasColor: false));

    [Fact]
    public void A_new_file_is_all_added()
    {
        Assert.Equal("--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n", UnifiedDiff.Of("f", "", "a\nb\n", hasColor: false));
    }

    [Fact]
    public void A_change_stands_in_three_lines_of_context()
    {
        var diff = UnifiedDiff.Of("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", hasColor: false);

        Assert.Equal("--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n", diff);
    }

    [Fact]
    public void Changes_far_apart_are_hunks_of_their_own()
    {
        var lines = Enumerable.Range(1, 30).Select(i => i.ToString()).ToList();
        var before = string.Join('\n', lines) + "\n";
        lines.RemoveAt(24);
        lines.Insert(2, "new");

        var diff = UnifiedDiff.Of("f", before, string.Join('\n', lines) + "\n", hasColor: false);

        Assert.Equal(
            "--- f\n+++ f\n@@ -1,5 +1,6 @@\n 1\n 2\n+new\n 3\n 4\n 5\n@@ -22,7 +23,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28\n", diff);
    }

    [Fact]
    public void Color_marks_lines_and_nothing_in_a_line_reaches_the_terminal()
    {
        var diff = UnifiedDiff.Of("f\u001b[2J", "a\n", "\u202eb\tc\n", hasColor: true);

        Assert.Contains("\u001b[31m-a\u001b[0m\n\u001b[32m+\\u{202e}b    c\u001b[0m\n", diff);
        Assert.DoesNotContain("[2J", UnifiedDiff.Of("f", "a\n", "\u001b[2J\n", hasColor: false).Replace("\\u{1b}[2J", ""));
        Assert.DoesNotContain("\u001b[2J", diff);
    }

    [Fact]
    public void Patch_takes_what_is_shown()
    {
        if (!File.Exists("/usr/bin/patch"))
            Assert.Skip("patch is not installed");
        var random = new Random(7);
        var directory = Directory.CreateTempSubdirectory("ox-diff-").FullName;
        for (var i = 0; i < 40; i++)
        {
            var before = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(5).ToString()).ToList();
            var after = before.SelectMany(line => random.Next(8) switch { 0 => [], 1 => [line, "x"], 2 => ["y"], _ => new[] { line } })
                .Append("end").ToList();
            var file = Path.Combine(directory, "file");
            File.WriteAllText(file, Text(before));
            File.WriteAllText(file + ".diff", UnifiedDiff.Of(file, Text(before), Text(after), hasColor: false));

            using var patch = Process.Start("/usr/bin/patch", ["-s", file, file + ".diff"]);
            patch.WaitForExit();

            Assert.Equal(0, patch.ExitCode);
            Assert.Equal(Text(after), File.ReadAllText(file));
        }

        Directory.Delete(directory, recursive: true);

        static string Text(List<string> lines) => string.Concat(lines.Select(line => line + "\n"));
    }
}
