using System.Text;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Plain;
using Opx.Fuzz.Tests.Running;
using Opx.Policy;
using Opx.Policy.Tests;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// <c>policy.json</c>: taken where the table takes it and refused, with its line, where not; and what was taken decides as the plain second
/// implementation does.
/// </summary>
internal sealed class PolicyTarget() : Target("policy", 8)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly Caller[] Callers =
    [
        new() { ProcessId = 1, UserId = 1000, GroupId = 100, Path = "/usr/bin/kubectl", Parents = ["/usr/bin/bash", Caller.Unreadable] },
        new() { ProcessId = 2, UserId = 1001, GroupId = 100, Path = null, Script = "/srv/a.py" },
    ];

    private static readonly string[] References = ["op://Production/k8s/token", "op://PRODUCTION/k8s/s/token?attribute=otp", "vault://secret/data/app#k", "bao://secret/app", "name"];

    public override byte[] Generate(Choices choices) => JsonMaker.Document(choices, maker => maker.Object(
        ("allow", () => maker.Array(3, () => Rule(maker, choices))), ("deny", () => maker.Array(2, () => Rule(maker, choices))), ("default_deny", maker.Boolean)));

    public override void Check(byte[] input)
    {
        var load = PolicyFile.Load(input, "p.json");
        var isGood = PlainPolicyFile.IsGood(input);
        Oracle.Same(isGood, load.Fault is null, $"whether it is taken ({load.Fault})");
        Oracle.Holds(load.Document is null != load.Fault is null, "neither or both of document and fault");
        if (load.Fault is { } fault)
        {
            Oracle.IsFit(fault.ToString());
            Oracle.Holds(fault.Line >= 1 && fault.Line <= 1 + input.AsSpan().Count((byte)'\n'), $"line {fault.Line}");
            return;
        }

        foreach (var warning in load.Warnings)
            Oracle.IsFit(warning.ToString());
        var policy = new AccessPolicy(load.Document!);
        var json = Encoding.UTF8.GetString(input);
        foreach (var caller in load.Document!.RuleCount <= 8 ? Callers : [])
        {
            var plain = new PlainPolicy(json, caller, Now);
            foreach (var reference in References)
                Oracle.Same(plain.Decide(reference), policy.Decide(caller, SecretReference.Parse(reference, out _)!, Now).Reason, $"{reference} by {caller.Path}");
        }
    }

    private static void Rule(JsonMaker maker, Choices choices)
    {
        var members = new List<(string, Action)> { ("refs", () => maker.Array(2, () => maker.String(Pattern(choices)))) };
        for (var more = choices.Between(0, 3); more > 0; more--)
            members.Insert(choices.Below(members.Count + 1), Field(maker, choices));
        maker.Object([.. members]);
    }

    private static string Pattern(Choices choices) =>
        choices.Of("*", "op://Production/*", "op://Production/k8s/token", "op://*/k8s/*", "vault://secret/*", "vault://secret/app#k", "bao://*", "name")
        + (choices.Chance(10) ? Words.Piece(choices) : "");

    private static (string, Action) Field(JsonMaker maker, Choices choices)
    {
        var name = choices.Of(
            "path", "script", "sha256", "path_sha256", "pid", "uid", "gid", "parents", "forbidden_parents", "require_signed", "team_id", "description", "created_at", "created_by", "expires_at");
        return (name, name switch
        {
            "path" or "script" => () => maker.String(AbsolutePath(choices)),
            "sha256" or "path_sha256" => () => maker.String(choices.Of(new string('a', 64), new string('A', 64), new string('a', 63), new string('g', 64))),
            "pid" or "uid" or "gid" => () => maker.Number(choices.Of(1, 2, 100, 1000, 1001)),
            "parents" or "forbidden_parents" => () => maker.Array(2, () => maker.String(AbsolutePath(choices))),
            "require_signed" => maker.Boolean,
            "created_at" or "expires_at" => () => maker.String(Moment(choices)),
            _ => () => maker.String(Words.Text(choices)),
        });
    }

    private static string AbsolutePath(Choices choices) =>
        choices.Chance(15) ? "/" + Words.Text(choices) : choices.Of("/usr/bin/kubectl", "/usr/bin/bash", "/srv/a.py", "/usr/bin/../x", "/usr//bin", "usr", "/", "/a/");

    private static string Moment(Choices choices) => choices.Of(
        "2026-12-31T23:59:59Z", "2020-01-01T00:00:00+01:00", "2026-11-22T00:00:00.123456789Z", "2026-11-22T00:00:00.1Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-12-31T23:59:59", "2026-12-31t23:59:59z", "2026-12-31T23:59:60Z", "2026-12-31T24:00:00Z", "2026-12-31T23:59:59+25:00", "2026-12-31 23:59:59Z");
}
