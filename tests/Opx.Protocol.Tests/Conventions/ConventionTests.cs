using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Opx.Protocol.Tests.Conventions;

/// <summary>What the house is held to: sizes, the direction of dependencies, calls that have one place, names that say something.</summary>
public sealed partial class ConventionTests
{
    private static readonly string Root = Tree.Root;

    // The only places that may do it, and why it is theirs.
    private static readonly (string Call, string Within, string[] Allowed)[] Forbidden =
    [
        (@"\bThread\.Sleep\(", "src", []),
        (@"\bDateTime(Offset)?\.(Utc)?Now\b", "src", []),
        (@"\bStopwatch\b", "src", ["Duration.cs"]),
        (@"\bProcess\.Start\(", "src", ["Detachment.cs", "DesktopWatch.cs"]),
        (@"\bConsole\.", "src/Opx.Daemon", ["Program.cs", "DaemonCommand.cs"]),
        (@"\bConsole\.", "src/Opx.Client", []),
        (@"\bConsole\.", "src/Opx.Protocol", []),
        (@"\bEnvironment\.GetEnvironmentVariables?\(", "src/Opx.Daemon", ["Program.cs"]),
        (@"\bEnvironment\.GetEnvironmentVariables?\(", "src/Opx.Protocol", []),
        (@"\bEnvironment\.SetEnvironmentVariable\(", "src/Opx.Client", []),
        (@"\bWebApplication\.Create(Slim)?Builder\(", "src", []),
        (@"\bTestServer\b", "tests", []),
        (@"\[LoggerMessage\(", "src", ["LogMessages.cs"]),
        (@"\bJsonSerializer\b", "src", []),
        (@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)", "src/Opx.Daemon", ["Program.cs"]),
    ];

    [Fact]
    public void No_source_file_is_long_and_most_are_short()
    {
        var lengths = Sources("src").Select(path => (Lines: File.ReadLines(path).Count(), path)).OrderBy(file => file.Lines).ToArray();

        Assert.True(lengths[^1].Lines <= 400, $"{lengths[^1].path} has {lengths[^1].Lines} lines");
        Assert.InRange(lengths[lengths.Length / 2].Lines, 1, 80);
        Assert.InRange(lengths[(int)(lengths.Length * 0.95)].Lines, 1, 250);
    }

    [Fact]
    public void No_line_is_wider_than_a_screen_allows() => AssertNone(
        Sources("src").SelectMany(path => File.ReadLines(path).Select((line, at) => (line, at)).Where(x => x.line.Length > 180).Select(x => $"{path}:{x.at + 1}")));

    [Theory]
    [InlineData("Opx.Protocol", "")]
    [InlineData("Opx.Client", "Opx.Protocol")]
    [InlineData("Opx.Daemon", "Opx.Protocol Opx.Policy")]
    [InlineData("Opx.Cli", "Opx.Client Opx.Protocol Opx.Policy")]
    public void Projects_depend_in_one_direction(string project, string allowed)
    {
        var references = XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Subset(allowed.Split(' ').ToHashSet(), references.ToHashSet());
    }

    [Theory]
    [InlineData("Opx.Protocol", "")]
    [InlineData("Opx.Client", "")]
    [InlineData("Opx.Cli", "System.CommandLine")]
    public void Packages_are_few_and_known(string project, string allowed) => Assert.Subset(
        allowed.Split(' ').ToHashSet(),
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants("PackageReference")
            .Select(package => package.Attribute("Include")!.Value).ToHashSet());

    [Fact]
    public void Every_project_has_its_packages_locked() => AssertNone(
        from folder in (string[])["src", "tests"]
        from project in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)
        where !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.managed.lock.json"))
        select $"{project}: run dotnet restore opx.sln");

    [Fact]
    public void The_compiled_daemon_knows_neither_client_nor_command_line() => Assert.DoesNotContain(
        Assembly.Load("opx-authd").GetReferencedAssemblies(), name => name.Name is "Opx.Client" or "Opx.Cli" or "opx");

    [Fact]
    public void The_compiled_protocol_knows_nothing_but_the_framework() => Assert.All(
        typeof(Limits).Assembly.GetReferencedAssemblies(), name => Assert.StartsWith("System.", name.Name));

    [Fact]
    public void Calls_that_have_one_place_are_made_nowhere_else() => AssertNone(
        from rule in Forbidden
        from path in Sources(rule.Within)
        where !rule.Allowed.Contains(Path.GetFileName(path)) && Path.GetFileName(path) != "ConventionTests.cs"
        from line in File.ReadLines(path)
        where Regex.IsMatch(WithoutComment(line), rule.Call)
        select $"{path}: {line.Trim()}");

    [Fact]
    public void Namespaces_follow_the_folders() => AssertNone(
        from path in Sources("src").Concat(Sources("tests"))
        let declared = Regex.Match(File.ReadAllText(path), @"^namespace ([\w.]+)", RegexOptions.Multiline).Groups[1].Value
        where declared.Length > 0
        let folder = Path.GetRelativePath(Path.Combine(Root, path.StartsWith(Path.Combine(Root, "src"), StringComparison.Ordinal) ? "src" : "tests"), Path.GetDirectoryName(path)!)
        // What stands in for a type of the daemon or of the framework has that one's namespace.
        where declared != folder.Replace('/', '.') && folder is not ("Opx.Model.Tests/Doubles" or "Opx.Model.Tests/Stepping")
        select $"{path}: {declared}");

    [Fact]
    public void Tests_are_sentences() => AssertNone(
        from path in Sources("tests")
        from Match test in TestMethod().Matches(File.ReadAllText(path))
            // The scripts' sentences are the names of their files.
        where test.Groups[1].Value.Split('_').Length < 2 && Path.GetFileName(path) != "ScriptFolders.cs"
        select $"{path}: {test.Groups[1].Value}");

    [Fact]
    public void No_type_is_called_after_nothing() => AssertNone(
        from path in Sources("src")
        where EmptyName().IsMatch(Path.GetFileNameWithoutExtension(path))
        select path);

    [Fact]
    public void No_test_is_switched_off() => AssertNone(
        from path in Sources("tests")
        where Regex.IsMatch(File.ReadAllText(path), @"\[(Fact|Theory)\([^\]]*\bSkip\s*=")
        select path);

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() => AssertNone(
        from path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split('/').Any(part => part is ".git" or ".build" or "bin" or "obj" or "node_modules") && Path.GetFileName(path) != "ConventionTests.cs"
        where new FileInfo(path) is { LinkTarget: null, Length: < 1_000_000 }
        from line in File.ReadLines(path)
        where MachinePath().IsMatch(line)
        select $"{relative}: {line.Trim()}");

    private static void AssertNone(IEnumerable<string> culprits) => Assert.True(!culprits.Any(), string.Join('\n', culprits.Select(culprit => culprit.Replace(Root + "/", ""))));

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/"));

    private static string WithoutComment(string line) => line.IndexOf("//", StringComparison.Ordinal) is var at and >= 0 ? line[..at] : line;

    [GeneratedRegex(@"\[(?:Fact|Theory)[\s\S]*?public\s+(?:async\s+)?(?:void|Task|ValueTask)\s+(\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utilities|Misc|Common)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"(?<![\w}])/work/|/tmp/wt/|shared/(spec|bench)|\bfarm-[a-z]|/root/\.")]
    private static partial Regex MachinePath();
}
