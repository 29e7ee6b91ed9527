using System.Runtime.CompilerServices;

namespace Opx.Protocol.Tests.Conventions;

/// <summary>Where the work tree lies: upwards from this file.</summary>
internal static class Tree
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string path = "")
    {
        var directory = Path.GetDirectoryName(path);
        while (directory is not null && !File.Exists(Path.Combine(directory, "opx.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new InvalidOperationException("opx.sln is not above the tests");
    }
}
