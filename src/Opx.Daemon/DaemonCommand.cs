using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Opx.Daemon.Options;
using Opx.Protocol;

namespace Opx.Daemon;

/// <summary>The command line of <c>opx-authd</c>.</summary>
internal static class DaemonCommand
{
    private const string Socket = "--sock";

    /// <summary>Parses and runs; errors of the command line are one line on standard error and exit code 2.</summary>
    public static int Invoke(string[] arguments, Func<CommandLineOptions, DaemonStart, int> run)
    {
        var backend = Text("--backend", "opcli|vault|bao|multi|fake", "Where references without a scheme are read, and what is offered");
        var ttl = Text("--ttl", "SECONDS", "How long a value is kept; 0 keeps none [default: 120]");
        var sock = Text(Socket, "PATH", "Where the socket lies");
        var timeout = Text("--session-timeout", "HOURS", "Idle time after which the session locks; 0 never [default: 8]");
        var enableLock = Flag("--enable-session-lock", "Lock the session when it is idle [default: true]");
        var lockOnFailure = Flag("--lock-on-auth-failure", "Lock when the backend says nobody is signed in [default: true]");
        var desktop = Flag("--lock-with-desktop", "Lock when the desktop locks or the machine sleeps [default: false]");
        var diskCache = Flag("--disk-cache", "Keep values in a sealed file too: a restart costs no prompt [default: false]");
        var stale = Text("--stale-while-revalidate", "SECONDS", "Answer with a value so long past its time while it is read anew [default: 0]");
        var auditLog = Flag("--enable-audit-log", "Record who read what [default: false]");
        var retention = Text("--audit-log-retention-days", "N", "Days of the audit log that are kept; 0 keeps all [default: 30]");
        var config = Text("--config", "FILE", "Read this config.json");
        var policy = Text("--policy", "FILE", "The policy that decides who may read what");
        var verbose = new Option<bool>("--verbose") { Description = "Say more in the log; never a secret" };
        var check = new Option<bool>("--check") { Description = "Check the configuration, say what it comes to, and end" };
        var detach = new Option<bool>("--detach") { Hidden = true };
        var detached = new Option<bool>("--detached") { Hidden = true };

        var root = new RootCommand("opx-authd reads secrets for the programs of one user: coalesced, batched, briefly cached.\n\nExample:\n  opx-authd --backend fake --ttl 60")
        {
            backend, ttl, sock, timeout, enableLock, lockOnFailure, desktop, diskCache, stale, auditLog, retention, config, policy, verbose, check,
            detach, detached,
        };
        // A terminal may be wider or none at all: the text is the same.
        if (root.Options.OfType<HelpOption>().FirstOrDefault()?.Action is HelpAction help)
            help.MaxWidth = 80;
        root.SetAction(parsed => run(
            new CommandLineOptions
            {
                Backend = parsed.GetValue(backend),
                Ttl = parsed.GetValue(ttl),
                Sock = parsed.GetValue(sock),
                SessionTimeout = parsed.GetValue(timeout),
                EnableSessionLock = Switched(parsed, enableLock),
                LockOnAuthFailure = Switched(parsed, lockOnFailure),
                LockWithDesktop = Switched(parsed, desktop),
                DiskCache = Switched(parsed, diskCache),
                StaleWhileRevalidate = parsed.GetValue(stale),
                EnableAuditLog = Switched(parsed, auditLog),
                AuditLogRetentionDays = parsed.GetValue(retention),
                Config = parsed.GetValue(config),
                Policy = parsed.GetValue(policy),
                Verbose = parsed.GetValue(verbose),
                Words = Words(parsed, config, policy),
            },
            parsed.GetValue(check) ? DaemonStart.Check : parsed.GetValue(detach) ? DaemonStart.Detach : parsed.GetValue(detached) ? DaemonStart.Detached : DaemonStart.Foreground));

        var result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            Console.Error.WriteLine($"opx-authd: {Printable.Text(result.Errors[0].Message)} (try 'opx-authd --help')");
            return 2;
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private static Option<string?> Flag(string name, string description) =>
        new(name) { HelpName = "true|false", Description = description, Arity = ArgumentArity.ZeroOrOne };

    // Paths hold wherever the next daemon stands, but for those that are none, which are refused in a moment. The socket is not among them: who
    // starts that one says where a client looks.
    private static string[] Words(ParseResult parsed, params Option[] paths) =>
    [
        .. parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(given => !given.Implicit && !given.Option.Hidden && given.Option.Name != Socket)
            .Select(given => given.Tokens is not [var word, ..] ? given.Option.Name
                : $"{given.Option.Name}={(paths.Contains(given.Option) && word.Value.Length > 0 ? Path.GetFullPath(word.Value) : word.Value)}"),
    ];

    // An option without a word behind it has no value for System.CommandLine; here it means yes.
    private static string? Switched(ParseResult parsed, Option<string?> option) =>
        parsed.GetResult(option) is { Implicit: false } given ? given.Tokens is [var word, ..] ? word.Value : "true" : null;
}

/// <summary>How the process was started.</summary>
internal enum DaemonStart
{
    Foreground,

    /// <summary>By a client: start the daemon in a session of its own and be gone, so that it is nobody's child.</summary>
    Detach,

    /// <summary>The daemon that was started so.</summary>
    Detached,

    /// <summary>Nothing is served: the configuration is read and told.</summary>
    Check,
}
