namespace Opx.Scripts.Tests.Runner;

/// <summary>The scripts of one folder as test cases, each named after its file.</summary>
public abstract class ScriptFolder(Kit kit)
{
    /// <summary>Runs only the scripts whose path holds this text: <c>OPX_SCRIPT=stale make test-scripts</c>.</summary>
    private static readonly string Only = Environment.GetEnvironmentVariable("OPX_SCRIPT") ?? "";

    private static readonly List<string> All =
        [.. Directory.EnumerateFiles(Repository.Scripts, "*.sh", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    protected static IEnumerable<TheoryDataRow<string>> In(string folder)
    {
        foreach (var file in All)
        {
            var path = Path.GetRelativePath(Repository.Scripts, file);
            if (path.StartsWith(folder + '/', StringComparison.Ordinal) && path.Contains(Only, StringComparison.Ordinal))
                yield return new(path) { TestDisplayName = path[..^".sh".Length], Label = "" };
        }
    }

    protected async Task Passes(string path)
    {
        var script = await Script.Load(Path.Combine(Repository.Scripts, path), All.FindIndex(file => file.EndsWith('/' + path, StringComparison.Ordinal)));
        Assert.SkipUnless(Identity.IsRoot || !script.NeedsRoot, "this script plays two users, which only root can");
        Assert.SkipUnless(OperatingSystem.IsLinux() || !script.NeedsLinux, "this script looks at what only Linux shows");
        foreach (var program in script.NeedsPrograms)
            Assert.SkipUnless(IsOnPath(program), $"this script needs {program}, which is not installed");
        var failure = await script.Run(kit, TestContext.Current.CancellationToken);
        Assert.True(failure is null, failure);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));
}
