using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Opx.Daemon.Tests.Options;

/// <summary>The man pages of the files against the readers of the files. Those of the programs are made from their own help.</summary>
public sealed partial class ManualTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_key_of_the_configuration_stands_in_its_man_page() =>
        AllIn("opx-config.5", Keys("src/Opx.Daemon/Options", "*Configuration*.cs"));

    [Fact]
    public void Every_field_of_a_rule_stands_in_its_man_page() => AllIn("opx-policy.5", Keys("src/Opx.Policy/Loading", "*Reader.cs"));

    private static void AllIn(string page, List<string> keys)
    {
        var text = File.ReadAllText(Path.Combine(Root, "packaging", "man", page));
        Assert.True(keys.Count > 10, "the readers were not found");
        Assert.All(keys, key => Assert.Matches($@"(?<![\w_]){Regex.Escape(key)}(?![\w_])", text));
    }

    // The arms of the readers' switches: "key" or "key" => …
    private static List<string> Keys(string folder, string files) =>
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Root, folder), files)
           from line in File.ReadLines(path)
           where Arm().IsMatch(line)
           from Match key in Key().Matches(line[..line.IndexOf("=>", StringComparison.Ordinal)])
           select key.Groups[1].Value,
    ];

    private static string FindRoot([CallerFilePath] string path = "")
    {
        var directory = Path.GetDirectoryName(path);
        while (!File.Exists(Path.Combine(directory!, "opx.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory!;
    }

    [GeneratedRegex("""^\s+"[a-z0-9_]+"( or "[a-z0-9_]+")* =>""")]
    private static partial Regex Arm();

    [GeneratedRegex("\"([a-z0-9_]+)\"")]
    private static partial Regex Key();
}
