using System.Text.RegularExpressions;

namespace Opx.Protocol.Tests.Conventions;

/// <summary>The lists of tests in <c>tests/README.md</c> and <c>SECURITY.md</c> say what is there.</summary>
public sealed partial class NamedTests
{
    private const int Pitfalls = 40, Invariants = 9;

    private static readonly string Scripts = Path.Combine(Tree.Root, "tests", "Opx.Scripts.Tests", "scripts");

    private static readonly string[] Folders = [.. Directory.GetDirectories(Scripts).Select(folder => Path.GetFileName(folder)!)];

    // A class may be spread over files, and a method's name is looked for in all of them.
    private static readonly ILookup<string, string> Classes = Directory.EnumerateFiles(Path.Combine(Tree.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"))
        .Select(File.ReadAllText)
        .SelectMany(text => Class().Matches(text).Select(match => (Name: match.Groups[1].Value, text)))
        .ToLookup(found => found.Name, found => found.text);

    [Theory]
    [InlineData("tests/README.md", 150)]
    [InlineData("SECURITY.md", 60)]
    public void Every_test_that_is_named_exists(string document, int atLeast)
    {
        var named = Cells(document).SelectMany(cell => Code().Matches(cell).Select(match => match.Groups[1].Value)).Where(IsTest).Distinct().ToArray();

        Assert.True(named.Length >= atLeast, $"{document} names {named.Length} tests");
        Assert.Equal([], named.Where(name => !Exists(name)));
    }

    [Theory]
    [InlineData("Pitfalls", Pitfalls)]
    [InlineData("Invariants", Invariants)]
    public void Every_pitfall_and_every_invariant_has_a_test_in_its_row(string heading, int count)
    {
        var rows = Rows("tests/README.md", heading).Where(cells => int.TryParse(cells[0], out _)).ToArray();

        Assert.Equal(Enumerable.Range(1, count), rows.Select(cells => int.Parse(cells[0])));
        Assert.All(rows, cells => Assert.Contains(Code().Matches(cells[^1]).Select(match => match.Groups[1].Value), name => IsTest(name) || name == "make bench"));
    }

    [Fact]
    public void Every_threat_has_a_test_that_shows_what_holds()
    {
        var rows = Rows("SECURITY.md", "Threat model").Skip(1).ToArray();

        Assert.True(rows.Length >= 15, $"{rows.Length} threats");
        Assert.All(rows, cells => Assert.Contains(Code().Matches(cells[4]).Select(match => match.Groups[1].Value), IsTest));
    }

    private static bool IsTest(string name) => name.Split('/') is [var folder, _] && Folders.Contains(folder) || Named().IsMatch(name);

    private static bool Exists(string name)
    {
        if (name.Split('/') is [var folder, var script])
            return script.Length == 0 ? Directory.Exists(Path.Combine(Scripts, folder)) : File.Exists(Path.Combine(Scripts, folder, script + ".sh"));
        var parts = name.Split('.');
        return Classes.Contains(parts[0])
            && (parts.Length == 1 || Classes[parts[0]].Any(text => Regex.IsMatch(text, $@"\b{Regex.Escape(parts[1])}\(")));
    }

    private static IEnumerable<string> Cells(string document) => Rows(document, heading: null).SelectMany(cells => cells);

    /// <summary>The rows of the document's tables, or of those under one heading.</summary>
    private static IEnumerable<string[]> Rows(string document, string? heading)
    {
        var here = heading is null;
        foreach (var line in File.ReadLines(Path.Combine(Tree.Root, document)))
        {
            if (line.StartsWith('#'))
                here = heading is null || line.TrimStart('#', ' ') == heading;
            else if (here && line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
                yield return [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"^[A-Z]\w*(Tests|Reading)(\.\w+)?$")]
    private static partial Regex Named();
}
