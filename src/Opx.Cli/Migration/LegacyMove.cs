using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Cli.Migration;

/// <summary>One step of the way from <c>~/.op-authd</c> to the XDG directories.</summary>
/// <param name="To">Null for what is made anew, and removed.</param>
internal sealed record LegacyStep(string From, string? To)
{
    public string Text => To is null ? $"remove {Printable.Text(From)}: it is made anew" : $"move {Printable.Text(From)} to {Printable.Text(To)}";
}

/// <summary>
/// Moves the legacy directory's files, the Go version's and ours, to where the XDG directories have them. While the directory exists it holds
/// everything, so it goes last: a move that was interrupted is taken up where it stopped.
/// </summary>
internal sealed class LegacyMove
{
    // Sockets and locks are the running daemon's; the log begins anew.
    private static readonly string[] MadeAnew = ["socket.sock", "socket.sock.lock", "opx-authd.log", "op-authd.sock", "op-authd.lock", "op-authd.pid"];

    private readonly string _legacy;
    private readonly OpxPaths _target;

    private LegacyMove(string legacy, OpxPaths target) => (_legacy, _target) = (legacy, target);

    public IReadOnlyList<LegacyStep> Steps { get; private init; } = [];

    /// <summary>Null where there is no legacy directory.</summary>
    /// <exception cref="OpxPathException">It is not the user's alone, or something is in the way.</exception>
    public static LegacyMove? Plan(string legacy, OpxPaths target, uint owner)
    {
        if (FileStatus.Of(legacy) is not { } status)
            return null;
        if (status.IsSymbolicLink || !status.IsDirectory || status.Owner != owner)
            throw new OpxPathException($"{Printable.Text(legacy)} is not a directory of your own: move it by hand");
        var steps = new List<LegacyStep>();
        foreach (var path in Directory.EnumerateFileSystemEntries(legacy).Order(StringComparer.Ordinal))
        {
            var step = new LegacyStep(path, Destination(path, target));
            if (step.To is not null)
                DemandMovable(path);
            steps.Add(step);
        }

        foreach (var step in steps.Where(step => step.To is not null && !IsSame(step)))
        {
            if (FileStatus.Of(step.To!) is not null)
                throw new OpxPathException($"{Printable.Text(step.To!)} is there already and differs from {Printable.Text(step.From)}: keep one of the two");
        }

        return new LegacyMove(legacy, target) { Steps = steps };
    }

    /// <summary>What the configuration says of the directory itself has to follow; null where it says nothing.</summary>
    public string? PathsInConfiguration()
    {
        var file = Path.Combine(_legacy, "config.json");
        return File.Exists(file) && File.ReadAllText(file).Contains(_legacy + "/", StringComparison.Ordinal) ? file : null;
    }

    /// <summary>Copies, then removes: at no moment is a file in neither place.</summary>
    public void Run(uint owner)
    {
        PrivateDirectory.Ensure(_target.ConfigDirectory, owner);
        PrivateDirectory.Ensure(_target.DataDirectory, owner);
        foreach (var step in Steps.Where(step => step.To is not null))
        {
            RemoveUnfinished(step.To!);
            Copy(step.From, step.To!, owner);
        }

        Directory.Delete(_legacy, recursive: true);
    }

    // What a move left that was interrupted within a file.
    private static void RemoveUnfinished(string to)
    {
        foreach (var half in Directory.EnumerateFiles(Path.GetDirectoryName(to)!, $"{Path.GetFileName(to)}.*.tmp"))
            File.Delete(half);
    }

    private static string? Destination(string path, OpxPaths target)
    {
        var name = Path.GetFileName(path);
        if (MadeAnew.Contains(name) || name.EndsWith(".tmp", StringComparison.Ordinal) || FileStatus.Of(path) is { IsSocket: true })
            return null;
        if (name is "config.json" or "policy.json" || name.StartsWith("policy.json.", StringComparison.Ordinal))
            return Path.Combine(target.ConfigDirectory, name);
        // Token, certificate, key, audit log and its keys; and what nobody knows, which is the user's.
        return Path.Combine(target.DataDirectory, name);
    }

    // A pipe would be waited for, and a device read without end.
    private static void DemandMovable(string path)
    {
        switch (FileStatus.Of(path))
        {
            case { IsRegularFile: true } or { IsSymbolicLink: true } or null:
                return;
            case { IsDirectory: true }:
                foreach (var inner in Directory.EnumerateFileSystemEntries(path))
                    DemandMovable(inner);
                return;
            default:
                throw new OpxPathException($"{Printable.Text(path)} is neither a file nor a directory: move it away by hand");
        }
    }

    private static bool IsSame(LegacyStep step) => File.Exists(step.From) && File.Exists(step.To)
        && File.ReadAllBytes(step.From).AsSpan().SequenceEqual(File.ReadAllBytes(step.To!));

    private static void Copy(string from, string to, uint owner)
    {
        if (FileStatus.Of(from) is { IsSymbolicLink: true })
        {
            if (FileStatus.Of(to) is null)
                File.CreateSymbolicLink(to, new FileInfo(from).LinkTarget!);
            return;
        }

        if (!Directory.Exists(from))
        {
            PrivateFile.Write(to, File.ReadAllBytes(from));
            File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
            return;
        }

        PrivateDirectory.Ensure(to, owner);
        foreach (var inner in Directory.EnumerateFileSystemEntries(from))
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)), owner);
    }
}
