using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Auditing;

/// <summary>Copies the log for somebody who has no opx: the files as they are, what each checkpoint signed with its signature beside it, the
/// public key, and a script that checks them with <c>openssl</c> alone.</summary>
internal sealed class AuditExport(string source, string target)
{
    private long _signatures;

    /// <returns>One line about what was exported.</returns>
    /// <exception cref="FailureException">The target is in use, or cannot be written.</exception>
    public string Run()
    {
        var shown = Printable.Text(target);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new FailureException(ExitCode.Failed, $"{shown} exists already and is not empty: name a new directory");
        var days = AuditFiles.Days(source);
        try
        {
            foreach (var folder in new[] { target, In("records"), In("signatures") })
                Directory.CreateDirectory(folder, PrivateDirectory.Mode);
            foreach (var day in days)
                Export(AuditFiles.DayFile(source, day), isLast: day == days[^1]);
            if (File.Exists(AuditFiles.PublicKeyFile(source)))
                Write("audit.pub", File.ReadAllBytes(AuditFiles.PublicKeyFile(source)));
            Write("check.sh", Encoding.ASCII.GetBytes(AuditCheckScript.Text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(ExitCode.Failed, $"cannot export to {shown}: {Reason(error)}");
        }

        return $"exported {Count.Of(days.Count, "file")} and {Count.Of(_signatures, "signature")} to {shown}: "
            + "'sh check.sh' in it checks them with openssl";
    }

    private string In(string name) => Path.Combine(target, name);

    // What .NET says of a name that cannot be made is about parts and not about names.
    private static string Reason(Exception error) => error is DirectoryNotFoundException or FileNotFoundException or UnauthorizedAccessException
        ? "no directory can be made there"
        : Printable.Text(error.Message);

    private void Export(string path, bool isLast)
    {
        using var file = AuditFiles.OpenRead(path);
        using var copy = new FileStream(In(Path.Combine("records", Path.GetFileName(path))), Creation());
        var lines = new AuditLineReader(file);
        while (lines.TryRead(out var line, out var end))
        {
            var isRecord = AuditLine.TryOpen(line, out var link);
            // Half a record at the very end: the daemon is writing it, or was killed. It is none.
            if (end == AuditLineEnd.Torn && isLast && !isRecord && AuditLine.IsUnfinished(line))
                continue;
            copy.Write(line);
            copy.WriteByte((byte)'\n');
            if (end == AuditLineEnd.TooLong || !isRecord || link.SignedText is not { } text)
                continue;
            if (Signature(link) is not { } signature)
                continue;
            _signatures++;
            Write($"signatures/{link.Seq:d12}.txt", text);
            Write($"signatures/{link.Seq:d12}.sig", signature);
        }
    }

    private static byte[]? Signature(AuditLink link)
    {
        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(link.Signature));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Write(string name, byte[] content)
    {
        using var file = new FileStream(In(name), Creation());
        file.Write(content);
    }

    private static FileStreamOptions Creation() =>
        new() { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode };
}
