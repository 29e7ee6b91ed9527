using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit verify</c>: whether the log is what was written. Exit 0 or 1.</summary>
internal sealed class AuditVerifyCommand() : Command("verify", "Check that nobody changed the audit log; exit 1 if anybody did."), IOpxCommand
{
    public int Run(Invocation invocation)
    {
        var directory = RecordStream.Of(invocation).Directory;
        using var key = Key(directory);
        var report = AuditVerifier.Verify(directory, key);
        var text = new StringBuilder();
        foreach (var finding in report.Findings)
            text.Append(finding).Append('\n');
        if (report.Findings.Count < report.Faults)
            text.Append($"and {report.Faults - report.Findings.Count} more\n");
        var extent = $"{report.Records} records in {report.Files} files, {report.Signatures} signatures";
        text.Append(report.Faults == 0
            ? $"the audit log is intact: {extent}\n"
            : $"the audit log is not as it was written: {report.Faults} faults in {extent}\n");
        var printed = StandardStreams.Print(text.ToString());
        return printed == ExitCode.Done && report.Faults > 0 ? ExitCode.Failed : printed;
    }

    private static ECDsa? Key(string directory)
    {
        try
        {
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(AuditFiles.PublicKeyFile(directory)));
            return key;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
