using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Policy.Editing;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy add</c>: one rule more, at the end of its list.</summary>
internal sealed class PolicyAddCommand : Command, IOpxCommand
{
    private readonly Option<string[]> _refs = new("--ref")
    { HelpName = "REF", Required = true, Description = "A reference or pattern; may be repeated." };
    private readonly Option<string?> _path = new("--path") { HelpName = "PATH", Description = "The executable that asks." };
    private readonly Option<string?> _script = new("--script") { HelpName = "PATH", Description = "The script that it runs." };
    private readonly Option<string?> _sha256 = new("--sha256") { HelpName = "HEX", Description = "SHA-256 of the executable's content." };
    private readonly Option<uint?> _uid = new("--uid") { HelpName = "N", Description = "Its user." };
    private readonly Option<uint?> _gid = new("--gid") { HelpName = "N", Description = "Its group." };
    private readonly Option<string[]> _parents = new("--parent")
    { HelpName = "PATH", Description = "One of its ancestors' executables." };
    private readonly Option<string[]> _forbidden = new("--forbidden-parent")
    { HelpName = "PATH", Description = "An executable that is not among them." };
    private readonly Option<bool> _signed = new("--require-signed")
    { Arity = ArgumentArity.Zero, Description = "Its signature is valid (macOS)." };
    private readonly Option<string?> _team = new("--team-id") { HelpName = "ID", Description = "Who signed it (macOS)." };
    private readonly Option<string?> _description = new("--description") { HelpName = "TEXT", Description = "What the rule is for." };
    private readonly Option<string?> _expires = new("--expires")
    { HelpName = "WHEN", Description = "7d from now, or 2026-12-31T23:59:59Z." };
    private readonly Option<bool> _deny = new("--deny") { Arity = ArgumentArity.Zero, Description = "Deny instead of allow." };
    private readonly Option<bool> _yes = PolicyChange.Yes();
    private readonly Option<bool> _json = Report.JsonOption();
    private readonly Option<string?> _policy = PolicyLocation.Option();

    public PolicyAddCommand()
        : base("add", "Add a rule; the change is shown before it is written.")
    {
        foreach (var option in new Option[]
        {
            _path, _refs, _script, _sha256, _uid, _gid, _parents, _forbidden, _signed, _team, _description, _expires, _deny, _yes, _json, _policy,
        })
            Options.Add(option);
    }

    public int Run(Invocation invocation)
    {
        var list = invocation.Value(_deny) ? RuleList.Deny : RuleList.Allow;
        var rule = RuleOf(invocation, TimeProvider.System.GetUtcNow());
        using var change = PolicyChange.Of(PolicyLocation.Of(invocation, _policy), invocation.Around.UserId, invocation.Value(_yes));
        return change.Make(PolicyEdit.Add(change.Before ?? [], list, rule), invocation.Around, new Report(invocation, _json));
    }

    private PolicyRule RuleOf(Invocation invocation, DateTimeOffset now) => new()
    {
        Refs = invocation.Value(_refs) ?? [],
        Path = invocation.Value(_path) is { } path ? Resolved(path) : null,
        Script = invocation.Value(_script) is { } script ? Resolved(script) : null,
        Sha256 = invocation.Value(_sha256),
        UserId = invocation.Value(_uid),
        GroupId = invocation.Value(_gid),
        Parents = [.. (invocation.Value(_parents) ?? []).Select(Resolved)],
        ForbiddenParents = [.. (invocation.Value(_forbidden) ?? []).Select(Resolved)],
        RequireSigned = invocation.Value(_signed),
        TeamId = invocation.Value(_team),
        Description = invocation.Value(_description),
        ExpiresAt = invocation.Value(_expires) is { } expires ? Moment(expires, now) : null,
        CreatedAt = now,
        CreatedBy = "opx policy add",
    };

    /// <summary>The path that the kernel will name; a rule for a link would never match.</summary>
    private static string Resolved(string path)
    {
        var (plain, real) = (Path.GetFullPath(path), RealPath.Of(path));
        if (real is null)
            Messages.Error($"note: {Printable.Text(plain)} does not exist yet");
        else if (real != plain)
            Messages.Error($"note: {Printable.Text(plain)} leads to {Printable.Text(real)}, which the rule names");
        return real ?? plain;
    }

    private static DateTimeOffset Moment(string text, DateTimeOffset now)
    {
        var moment = Duration.Parse(text) is { } duration ? now + duration : PolicyFile.ParseMoment(text);
        var shown = Printable.Text(text, 64);
        if (moment is null)
            throw new UsageException($"--expires wants a duration such as 7d, or a moment such as 2026-12-31T23:59:59Z, not '{shown}'");
        return moment > now ? moment.Value : throw new UsageException($"--expires: {shown} is over already");
    }
}
