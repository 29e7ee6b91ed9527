using System.Net.Sockets;
using Opx.Daemon;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Vault.Exchange;
using Opx.Daemon.Interop;
using Opx.Daemon.Listening;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.Protocol.Interop;

// Before anything secret is read: private files, no core file, memory that other processes of the user cannot open.
ProcessLimits.PrivateUmask();
ProcessLimits.NoCoreFile(0);
LibC.HideMemory();
if (args is [WorkerProgram.Verb])
    return ExchangeWorker.Run(new Socket(new SafeSocketHandle(0, ownsHandle: true)));
ProcessLimits.RaiseOpenFiles();
ProcessLimits.RaiseLockedMemory();

// Handlers run on the thread that polls the sockets, of which there is one, where the transport is .NET's. Must be set before the first socket.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
var messages = new MessageWriter(Console.Error);
var ready = ReadySignal.FromEnvironment(environment.GetValueOrDefault);
try
{
    if (ManagedRuntime.IntruderInEnvironment(environment.GetValueOrDefault) is { } intruder)
        throw new OptionsException($"{intruder} is set: it would load foreign code into the daemon; unset it");
    return DaemonCommand.Invoke(args, (line, start) => start switch
    {
        DaemonStart.Detach => Detachment.StartAgain(args),
        _ => Serve(line, start, environment, messages, ready),
    });
}
catch (Exception error) when (error is OptionsException or OpxPathException or IOException or UnauthorizedAccessException)
{
    var why = Printable.Text(error.Message);
    ready.Failed(why);
    messages.WriteLine($"opx-authd: {why}");
    return 1;
}
catch (Exception defect)
{
    // What it says may hold anything; what kind it is and where it happened is what mends it.
    ready.Failed($"internal error ({defect.GetType().Name})");
    messages.WriteLine($"opx-authd: internal error: {defect.GetType().Name}\n{defect.StackTrace}");
    return 1;
}

static int Serve(CommandLineOptions line, DaemonStart start, IReadOnlyDictionary<string, string> environment, MessageWriter messages, ReadySignal ready)
{
    ready.KeepFromChildren();
    // The daemon trusts nobody: it serves with a certificate of its own, and Vault is the worker's, which has the environment as it was.
    SystemTrustStore.Bypass();
    if (start == DaemonStart.Detached)
        _ = LibC.NewSession();
    var options = OptionsBuilder.Build(line, environment.GetValueOrDefault, ProcessIdentity.EffectiveUserId());
    var clock = new SuspendAwareClock(new LocalZone(environment.GetValueOrDefault(EnvironmentNames.Zone), environment.GetValueOrDefault(EnvironmentNames.ZoneDirectory)));
    var parts = new DaemonParts(clock, messages, environment.GetValueOrDefault, () => BackendCatalog.Create(options, environment, clock));
    if (start == DaemonStart.Check)
    {
        using var output = Console.OpenStandardOutput();
        ConfigurationCheck.Write(output, options, parts.Backends());
        return 0;
    }

    using var stop = new StopSignals();
    return DaemonHost.RunAsync(options, parts, ready, stop.Token).GetAwaiter().GetResult();
}
