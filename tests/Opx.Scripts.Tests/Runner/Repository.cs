namespace Opx.Scripts.Tests.Runner;

/// <summary>Where things lie in the work tree, found upwards from this program.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Programs => Path.Combine(Root, "bin");

    public static string Project => Path.Combine(Root, "tests", "Opx.Scripts.Tests");

    public static string Scripts => Path.Combine(Project, "scripts");

    public static string OnePasswordDouble => Path.Combine(Root, "tests", "Opx.TestKit", "OnePassword", "op");

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "opx.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException("the tests run from inside the work tree, below opx.sln");
    }
}
