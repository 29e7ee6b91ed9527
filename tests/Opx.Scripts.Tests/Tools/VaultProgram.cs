using System.Globalization;
using Opx.TestKit.Vault;
using Opx.TestKit.Vault.Faults;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// The double of Vault and OpenBao as a program: <c>tool vault OPTION…</c>. It prints <c>address URL</c> and <c>token ROOT</c>, and <c>ready</c> when both are true,
/// and ends with SIGTERM. <c>server -dev -dev-root-token-id=ID -dev-listen-address=HOST:PORT</c>, as the real ones take it, is understood too.
/// </summary>
internal static class VaultProgram
{
    private const string Delay = "--delay=";

    public static async Task<int> Run(string[] arguments)
    {
        if (Options(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync("tool vault [--bao] [--tls|--tls-expired|--tls-name=HOST] [--port=N] [--token=ID] [--delay=MILLISECONDS] | server -dev …");
            return 2;
        }

        await using var vault = await VaultDouble.StartAsync(options);
        if (arguments.FirstOrDefault(argument => argument.StartsWith(Delay, StringComparison.Ordinal)) is { } delay)
            vault.Faults.Add(new Fault(FaultKind.Slow) { Seconds = Number(delay[Delay.Length..]) / 1000.0 });
        Console.WriteLine($"address {vault.Address}\ntoken {vault.RootToken}\nready");
        var ended = new TaskCompletionSource();
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.TrySetResult();
        });
        await ended.Task;
        return 0;
    }

    private static VaultDoubleOptions? Options(string[] arguments)
    {
        var options = new VaultDoubleOptions();
        foreach (var argument in arguments)
        {
            var (name, value) = argument.IndexOf('=') is var sign and >= 0 ? (argument[..sign], argument[(sign + 1)..]) : (argument, "");
            VaultDoubleOptions? next = name switch
            {
                "--bao" => options with { IsBao = true },
                "--tls" => options with { Certificate = new DoubleCertificate() },
                "--tls-expired" => options with { Certificate = new DoubleCertificate(isExpired: true) },
                "--tls-name" => options with { Certificate = new DoubleCertificate(host: value) },
                "--delay" => options,
                "--port" => options with { Port = Number(value) },
                "--token" or "-dev-root-token-id" => options with { RootToken = value },
                "-dev-listen-address" => options with { Port = Number(value[(value.LastIndexOf(':') + 1)..]) },
                "server" or "-dev" or "-dev-no-store-token" => options,
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
