using System.Text;
using Opx.Daemon;
using Opx.Daemon.Options;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>Command lines and environments of <c>opx-authd</c>, a word a line; <c>NAME=value</c> in upper case is of the environment. Options
/// within their bounds, or one line about what is wrong.</summary>
internal sealed class DaemonLineTarget() : Target("daemon-line", 1)
{
    private static readonly TextWriter Silent = TextWriter.Null;

    public override byte[] Generate(Choices choices)
    {
        var words = new List<string>();
        for (var count = choices.Between(0, 6); count > 0; count--)
        {
            var value = choices.Chance(30) ? Words.Piece(choices) : choices.Of("8", "90s", "true", "false", "1", "0", "fake", "vault", "-1", "1.5", "/tmp/x", "30", "-Infinity", "NaN", "1e9");
            words.Add(choices.Of("--backend", "--ttl", "--sock", "--session-timeout", "--enable-session-lock", "--disk-cache", "--stale-while-revalidate", "--audit-log-retention-days", "--policy", "--config", "OP_AUTHD_SESSION_TIMEOUT", "OP_AUTHD_BACKEND",
                "OP_AUTHD_ENABLE_SESSION_LOCK", "OPX_SOCKET_PATH", "XDG_RUNTIME_DIR", "HOME") + choices.Of("=", "=", "\n") + value);
        }

        return Mutation.Some(Encoding.UTF8.GetBytes(string.Join('\n', words)), choices);
    }

    public override void Check(byte[] input)
    {
        var words = Encoding.UTF8.GetString(input).Split('\n');
        var environment = new Dictionary<string, string> { ["HOME"] = "/nowhere" };
        foreach (var word in words.Where(IsVariable))
            environment[word.Split('=')[0]] = word[(word.IndexOf('=') + 1)..];
        string[] line = [.. words.Where(word => !IsVariable(word))];
        // Help is printed, and a file is for another target.
        if (line.Any(word => word is ['-' or '/', 'h' or '?', ..] || word.StartsWith("--help", StringComparison.Ordinal) || word == "--version" || (word.StartsWith("--config", StringComparison.Ordinal) && word != "--config=")))
            return;
        var code = DaemonCommand.Invoke(line, (given, _) => Build(given, environment));
        Oracle.Holds(code is 0 or 1 or 2, $"exit code {code}");
    }

    private static int Build(CommandLineOptions given, Dictionary<string, string> environment)
    {
        try
        {
            var options = OptionsBuilder.Build(given, environment.GetValueOrDefault, owner: 0);
            foreach (var time in (TimeSpan[])[options.TimeToLive, options.SessionIdleTimeout, options.StaleWhileRevalidate])
                Oracle.Holds(time >= TimeSpan.Zero && time <= OptionValues.LongestDuration, $"a duration of {time}");
            Oracle.Holds(options.AuditLogRetentionDays is >= 0 and <= OptionValues.MostDays, $"{options.AuditLogRetentionDays} days");
            Oracle.Holds(options.PolicyFile.StartsWith('/') && options.Paths.SocketPath.StartsWith('/'), "a path that is not absolute");
            return 0;
        }
        catch (Exception refusal) when (refusal is OptionsException or OpxPathException)
        {
            Oracle.IsFit(refusal.Message);
            return 1;
        }
    }

    private static bool IsVariable(string word) => word.IndexOf('=') is > 0 and var sign && word[..sign].All(c => char.IsAsciiLetterUpper(c) || c == '_');

    static DaemonLineTarget() => Console.SetError(Silent);
}
