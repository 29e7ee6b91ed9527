using System.Reflection;
using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Services;

/// <summary>The files that packages ship, compiled in, and written with a user's own paths.</summary>
internal static class ServiceFile
{
    /// <summary>The first line of every file that <c>opx service install</c> writes: what lacks it is somebody's own and is left alone.</summary>
    public const string Mark = "Written by 'opx service install'; 'opx service uninstall' removes it.";

    /// <summary>A file of <c>packaging/</c> by its name.</summary>
    public static string Template(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} was not compiled in");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static void Write(string path, string content, Report report)
    {
        if (File.Exists(path))
        {
            DemandOurs(path);
            if (File.ReadAllText(path) == content)
            {
                report.Say($"{path} is up to date");
                return;
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PrivateFile.Write(path, Encoding.UTF8.GetBytes(content));
        report.Say($"wrote {path}");
    }

    public static void Remove(string path, Report report)
    {
        if (!File.Exists(path))
            return;
        DemandOurs(path);
        File.Delete(path);
        report.Say($"removed {path}");
        if (Path.GetDirectoryName(path) is { } directory && directory.EndsWith(".d", StringComparison.Ordinal))
            RemoveEmpty(directory);
    }

    public static void RemoveEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    /// <exception cref="FailureException">The file is somebody's own.</exception>
    public static void DemandOurs(string path)
    {
        if (File.Exists(path) && !File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal))
            throw new FailureException(
                ExitCode.Failed, $"{Printable.Text(path)} was not written by opx: move it away, or edit it yourself");
    }
}
