using Opx.Protocol;

namespace Opx.Client;

/// <summary>Where <c>opx-authd</c> lies.</summary>
internal static class DaemonProgram
{
    private const string Name = "opx-authd";

    /// <summary>Its absolute path: <c>OPX_AUTHD_PATH</c>, then beside this executable (links followed), then on <c>PATH</c>.</summary>
    /// <exception cref="DaemonUnreachableException">It is in none of these; the message says where it was looked for.</exception>
    public static string Find(ClientOptions options)
    {
        // A named program that is not there is an error, not a reason to run another one.
        if (options.DaemonPath is { Length: > 0 } named)
        {
            return IsProgram(named) ? Path.GetFullPath(named) : throw Missing(
                $"{EnvironmentNames.DaemonPath} is '{Printable.Text(named)}', which is not a program that can be run: correct or unset it");
        }

        var own = Resolved(options.OwnPath);
        var beside = Path.Combine(Path.GetDirectoryName(own) ?? "/", Name);
        if (IsProgram(beside))
            return beside;
        foreach (var directory in (options.SearchPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            // A relative entry would run whatever lies in the directory that somebody happens to stand in.
            var candidate = Path.Combine(directory, Name);
            if (Path.IsPathRooted(directory) && IsProgram(candidate))
                return candidate;
        }

        throw Missing($"{Name} is neither {Printable.Text(beside)} nor on PATH: install it there or set {EnvironmentNames.DaemonPath}");
    }

    private static string Resolved(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);
        }
    }

    private static bool IsProgram(string path)
    {
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & executable) != 0;
    }

    private static DaemonUnreachableException Missing(string message) => new("cannot start the daemon: " + message, false);
}
