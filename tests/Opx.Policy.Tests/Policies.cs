using System.Text;
using Opx.Protocol;

namespace Opx.Policy.Tests;

/// <summary>Short words for what every test needs.</summary>
internal static class Policies
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 41, 7, TimeSpan.Zero);

    public static Caller Kubectl { get; } = new()
    {
        ProcessId = 4711,
        UserId = 1000,
        GroupId = 100,
        Path = "/usr/bin/kubectl",
        Parents = ["/usr/bin/bash", "/usr/sbin/sshd"],
    };

    public static Caller Helm { get; } = Kubectl with { Path = "/usr/bin/helm" };

    public static PolicyLoad Load(string json) => PolicyFile.Load(Encoding.UTF8.GetBytes(json), "policy.json");

    public static AccessPolicy Of(string json)
    {
        var load = Load(json);
        Assert.Null(load.Fault);
        return new AccessPolicy(load.Document!);
    }

    /// <summary>A text as a JSON string.</summary>
    public static string Json(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    public static SecretReference Ref(string text)
    {
        var reference = SecretReference.Parse(text, out var why);
        Assert.True(reference is not null, $"{text}: {why}");
        return reference;
    }

    public static AccessDecision Decide(this AccessPolicy policy, Caller caller, string reference) =>
        policy.Decide(caller, Ref(reference), Now);

    public static string Reason(string json, Caller caller, string reference) => Of(json).Decide(caller, reference).Reason;
}
