using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>Where the 1Password CLI lies, decided once at start: a path, or one line about why there is none.</summary>
internal readonly record struct OpExecutable(string? Path, string? NotFoundReason)
{
    private const string Name = "op";
    private const string Restart = "run 'opx daemon restart'";
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// What <c>OPX_OP_PATH</c> names, else what the configuration names, else the first on the path. Who names one gets that one or an
    /// error, never another.
    /// </summary>
    /// <param name="own">Our own client: an <c>op</c> that leads to it, or a script that runs it, is a drop-in for shells, and would ask us,
    /// who would ask it.</param>
    public static OpExecutable Find(string? fromEnvironment, string? fromConfiguration, string? searchPath, string? own)
    {
        var self = own is null ? null : Identity(own);
        if (fromEnvironment is { Length: > 0 })
            return Named(fromEnvironment, EnvironmentNames.OpPath, self);
        if (fromConfiguration is { Length: > 0 })
            return Named(fromConfiguration, "executable_paths.op in config.json", self);
        foreach (var directory in (searchPath ?? "").Split(':'))
        {
            // A relative entry would mean another program in each directory.
            if (!System.IO.Path.IsPathRooted(directory))
                continue;
            var candidate = System.IO.Path.Combine(directory, Name);
            if (Fault(candidate, self) is null)
                return new OpExecutable(candidate, null);
        }

        return new OpExecutable(null,
            $"no op is on the daemon's path: install it or set {EnvironmentNames.OpPath}, then restart it");
    }

    private static OpExecutable Named(string path, string by, (ulong, ulong)? self)
    {
        var fault = System.IO.Path.IsPathRooted(path) ? Fault(path, self) : "is not an absolute path";
        return fault is null
            ? new OpExecutable(path, null)
            : new OpExecutable(null, $"{by} names '{Printable.Text(path)}', which {fault}: set it to the 1Password CLI, then {Restart}");
    }

    private static string? Fault(string path, (ulong, ulong)? self)
    {
        try
        {
            if (Target(path) is not { } target || FileStatus.Of(target) is not { } status)
                return "does not exist";
            if (!status.IsRegularFile)
                return "is not a file";
            if (((UnixFileMode)status.Permissions & AnyExecute) == 0)
                return "is not executable";
            // By the file, and by a link's name: another opx than the one beside us is no op either.
            if ((status.Device, status.Inode) == self || System.IO.Path.GetFileName(target) == "opx")
                return "is opx itself";
            return WrapperScript.RunsOpx(target) ? "is a script that runs opx" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "cannot be looked at";
        }
    }

    private static (ulong, ulong)? Identity(string path) =>
        Target(path) is { } target && FileStatus.Of(target) is { } status ? (status.Device, status.Inode) : null;

    /// <summary>The file at the end of all links.</summary>
    private static string? Target(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : null;
}
