using System.Text.Json;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Diagnosis;

/// <summary>The daemon that runs, if one does: its version, session, policy and backends, by its own status.</summary>
internal static class DaemonChecks
{
    public static IEnumerable<Finding> Of(ClientOptions options, bool isWaiting, string version, ProgramChecks programs)
    {
        var (status, fault) = isWaiting
            ? (null, Finding.Good("daemon", "none runs: systemd starts one for the first client"))
            : Status(options);
        using (status)
        {
            if (fault is not null)
                yield return fault;
            var root = status?.RootElement;
            if (root is { } told)
            {
                yield return Version(told, version);
                yield return Session(told);
            }

            foreach (var (name, state, detail) in root is { } running ? ProgramChecks.BackendsOf(running) : programs.Backends)
                yield return Backend(name, state, detail, programs.HasSeveral);
        }
    }

    private static (JsonDocument? Status, Finding? Fault) Status(ClientOptions options)
    {
        const string check = "daemon";
        try
        {
            using var client = DaemonClient.Connect(options with { MayStart = false });
            var answer = client.Status();
            return answer.Value is { } body
                ? (JsonDocument.Parse(body.Json), null)
                : (null, Finding.Fault(check, answer.Problem!.Detail, "opx daemon restart"));
        }
        catch (DaemonUnreachableException unreachable) when (unreachable.NotRunning)
        {
            return (null, Finding.Good(check, "none runs: the first read starts one"));
        }
        catch (OpxPathException path)
        {
            return (null, Finding.Fault(check, $"cannot be asked: {path.Message}", "mend what that names first"));
        }
        catch (Exception error) when (error is DaemonUnreachableException or JsonException)
        {
            return (null, Finding.Fault(check, error.Message, "opx daemon restart"));
        }
    }

    private static Finding Version(JsonElement status, string version)
    {
        var running = status.TryGetProperty("version", out var told) ? Printable.Text(told.GetString() ?? "?") : "?";
        return running == version
            ? Finding.Good("daemon", $"opx-authd {running} runs")
            : Finding.Fault("daemon", $"opx-authd {running} runs, opx is {version}", "opx daemon restart");
    }

    private static Finding Session(JsonElement status)
    {
        var state = status.TryGetProperty("session", out var session) && session.TryGetProperty("state", out var told) ? told.GetString() : null;
        return state == "locked"
            ? Finding.Note("session", "locked: reads are refused", "opx unlock")
            : Finding.Good("session", Printable.Text(state ?? "unknown"));
    }

    private static Finding Backend(string name, string state, string? detail, bool isOneOfSeveral)
    {
        var check = "backend " + Printable.Text(name, 32);
        if (state == "ready")
            return Finding.Good(check, "ready");
        var reason = Printable.Text(detail ?? state);
        var mend = name == "opcli" ? "install 1Password's CLI" : $"opx login {name}";
        return state switch
        {
            "rate_limited" => Finding.Note(check, reason, "wait"),
            // Who uses two of the three has nothing to mend.
            "not_configured" when isOneOfSeveral => Finding.Note(check, reason, mend),
            _ => Finding.Fault(check, reason, mend),
        };
    }
}
