using System.CommandLine;
using System.Security.Cryptography;
using Opx.Cli.Auditing;
using Opx.Cli.Output;
using Opx.Protocol.Files;

namespace Opx.Cli.Commands;

/// <summary><c>opx audit verify</c>: whether the log is what was written. Exit 0 or 1.</summary>
internal sealed class AuditVerifyCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = Report.JsonOption();

    public AuditVerifyCommand()
        : base("verify", "Check that nobody changed the audit log; exit 1 if anybody did.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        var directory = RecordStream.Of(invocation).Directory;
        using var key = Key(directory);
        var log = AuditVerifier.Verify(directory, key);
        var report = new Report(invocation, _json);
        report.Fact("intact", log.Faults == 0);
        report.Fact("records", log.Records);
        report.Fact("faults", log.Faults);
        foreach (var finding in log.Findings)
            report.Say(finding.ToString()!);
        if (log.Findings.Count < log.Faults)
            report.Say($"and {log.Faults - log.Findings.Count} more");
        var extent = $"{log.Records} records in {log.Files} files, {log.Signatures} signatures";
        report.Say(log.Faults == 0
            ? $"the audit log is intact: {extent}"
            : $"the audit log is not as it was written: {log.Faults} faults in {extent}");
        return report.Print(log.Faults > 0 ? ExitCode.Failed : ExitCode.Done);
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
