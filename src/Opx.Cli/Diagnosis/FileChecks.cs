using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Cli.Diagnosis;

/// <summary>Directories and files: owner, kind and mode. What they hold is not read.</summary>
internal static class FileChecks
{
    public static IEnumerable<Finding> Of(OpxPaths paths, uint owner)
    {
        foreach (var directory in new[] { paths.ConfigDirectory, paths.DataDirectory, paths.RuntimeDirectory }.Distinct())
        {
            if (directory == paths.RuntimeDirectory && paths.SocketIsMoved)
                continue;
            yield return Entry("directory", directory, owner, isDirectory: true);
        }

        foreach (var file in Files(paths))
            yield return Entry("file", file, owner, isDirectory: false);
    }

    private static IEnumerable<string> Files(OpxPaths paths)
    {
        string[] named = [paths.ConfigFile, paths.PolicyFile, paths.TokenFile, paths.CertificateFile, paths.KeyFile, paths.LockedFile, paths.DaemonLogFile];
        foreach (var file in named.Where(file => FileStatus.Of(file) is not null))
            yield return file;
        if (!Directory.Exists(paths.DataDirectory))
            yield break;
        string[] logs;
        try
        {
            logs = Directory.GetFiles(paths.DataDirectory, "audit-*");
        }
        catch (UnauthorizedAccessException)
        {
            // Its own entry says so.
            yield break;
        }

        foreach (var file in logs.Order(StringComparer.Ordinal))
            yield return file;
    }

    private static Finding Entry(string check, string path, uint owner, bool isDirectory)
    {
        var shown = Printable.Text(path);
        var needed = isDirectory ? "0700" : "0600";
        if (FileStatus.Of(path) is not { } status)
            return Finding.Good(check, $"{shown} is not there yet");
        if (status.IsSymbolicLink || (isDirectory ? !status.IsDirectory : !status.IsRegularFile))
            return Finding.Fault(check, $"{shown} is not a {(isDirectory ? "directory" : "plain file")}", $"mv {shown} {shown}.old");
        if (status.Owner != owner)
            return Finding.Fault(check, $"{shown} belongs to user {status.Owner}, not to you ({owner})", $"sudo chown {owner} {shown}");
        if (!status.IsOpenToOthers)
            return Finding.Good(check, $"{shown} is yours alone");
        return Finding.Fault(check, $"{shown} has mode 0{Convert.ToString(status.Permissions, 8)} and needs {needed}", $"chmod {needed} {shown}", () =>
        {
            File.SetUnixFileMode(path, isDirectory ? PrivateDirectory.Mode : PrivateFile.Mode);
            return $"chmod {needed} {shown}";
        });
    }
}
