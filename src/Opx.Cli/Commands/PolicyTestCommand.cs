using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy test</c>: what the daemon would decide, by its code and its file.</summary>
internal sealed partial class PolicyTestCommand : Command, IOpxCommand
{
    private readonly Argument<string> _path = new("PATH") { HelpName = "PATH", Description = "The executable that asks." };
    private readonly Argument<string> _reference = new("REF") { HelpName = "REF", Description = "The reference it asks for." };
    private readonly Option<string?> _script = new("--script") { HelpName = "FILE", Description = "The script that it runs." };
    private readonly Option<string[]> _parents = new("--parent")
    { HelpName = "PATH", Description = "An ancestor's executable; may be repeated." };
    private readonly Option<uint?> _pid = new("--pid") { HelpName = "N", Description = "Its process id." };
    private readonly Option<uint?> _uid = new("--uid") { HelpName = "N", Description = "Its user; you, by default." };
    private readonly Option<uint?> _gid = new("--gid") { HelpName = "N", Description = "Its group; yours, by default." };
    private readonly Option<bool> _json = Report.JsonOption();
    private readonly Option<string?> _policy = PolicyLocation.Option();

    public PolicyTestCommand()
        : base("test", "Say whether a program may read a reference: exit 0 or 3.")
    {
        Arguments.Add(_path);
        Arguments.Add(_reference);
        foreach (var option in new Option[] { _script, _parents, _pid, _uid, _gid, _json, _policy })
            Options.Add(option);
    }

    public int Run(Invocation invocation)
    {
        var reference = SecretReference.Parse(invocation.Value(_reference)!, out var why) ?? throw new UsageException(why);
        var caller = CallerOf(invocation);
        var path = PolicyLocation.Of(invocation, _policy);
        var report = new Report(invocation, _json);
        report.Fact("policy", path);
        var load = PolicyFile.Read(path, invocation.Around.UserId);
        if (load is null)
            return Say(report, true, "there is no policy");
        if (load.Document is not { } document)
            return Say(report, false, $"the policy is invalid: {load.Fault}");
        var decision = new AccessPolicy(document).Decide(caller, reference, TimeProvider.System.GetUtcNow());
        return Say(report, decision.Allowed, decision.Reason + Place(document, decision));
    }

    private Caller CallerOf(Invocation invocation)
    {
        // As the kernel would name them.
        var path = RealPath.OrPlain(invocation.Value(_path)!);
        return new Caller
        {
            ProcessId = (int)(invocation.Value(_pid) ?? 0),
            UserId = invocation.Value(_uid) ?? invocation.Around.UserId,
            GroupId = invocation.Value(_gid) ?? EffectiveGroupId(),
            Path = path,
            Script = invocation.Value(_script) is { } script ? RealPath.OrPlain(script) : null,
            Parents = [.. (invocation.Value(_parents) ?? []).Select(RealPath.OrPlain)],
            ContentSha256 = () => ContentHash(path),
        };
    }

    private static int Say(Report report, bool isAllowed, string reason)
    {
        report.Fact("allowed", isAllowed);
        report.Fact("reason", reason);
        report.Say($"{(isAllowed ? "allowed" : "denied")}: {reason}");
        return report.Print(isAllowed ? ExitCode.Done : ExitCode.Denied);
    }

    private static string Place(PolicyDocument document, AccessDecision decision)
    {
        if (decision.Rule is not { } number)
            return "";
        var isDeny = decision.Reason.StartsWith("deny", StringComparison.Ordinal);
        var rule = (isDeny ? document.Deny : document.Allow)[number - 1];
        var which = decision.Reason == AccessDecision.NamedForOthers ? $"rule {number}, " : "";
        return $" ({which}{Printable.Text(document.File)}:{rule.Line})";
    }

    private static string? ContentHash(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroupId();
}
