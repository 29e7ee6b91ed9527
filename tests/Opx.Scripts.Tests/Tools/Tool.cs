using Opx.Scripts.Tests.Tools.Chaos;

namespace Opx.Scripts.Tests.Tools;

/// <summary>The tools by name, see <c>tool</c> in <c>prelude.sh</c>.</summary>
internal static class Tool
{
    public static Task<int> Run(string name, string[] arguments) => (name, arguments) switch
    {
        ("connect", [var socket, var count]) => Sockets.Connect(socket, int.Parse(count)),
        ("listen", [var socket]) => Sockets.Listen(socket),
        ("notified", [var socket, var word]) => Sockets.Notified(socket, word),
        ("activate", [var socket, .. { Length: > 0 } command]) => Task.FromResult(Activation.Run(socket, command)),
        ("hand-over", [var socket, var door, .. { Length: > 0 } command]) => Handover.Run(socket, door, command),
        ("carry", [var descriptor, var door]) => Handover.Carry(int.Parse(descriptor), door),
        ("vault", _) => VaultProgram.Run(arguments),
        ("search", [var process, var needle]) => Task.FromResult(MemorySearch.Run(process, needle)),
        ("watch", [var ask, var told, .. { Length: > 0 } command]) => Task.FromResult(Watch.Run(ask, told, command)),
        ("deaf", [var socket, var data, var count, var reference]) => Deaf.Run(socket, data, int.Parse(count), reference),
        ("logind", [var bus, var asked]) => Logind.Run(bus, asked),
        ("callers", [var clients, var seed, var pause, .. { Length: > 0 } references]) =>
            Callers.RunAsync(int.Parse(clients), int.Parse(seed), TimeSpan.FromMilliseconds(int.Parse(pause)), references),
        ("rude", [var clients, var seed, .. { Length: > 0 } references]) => Rude.RunAsync(int.Parse(clients), int.Parse(seed), references),
        ("readers", [var socket, var data, var seconds, .. { Length: > 0 } references]) =>
            new Readers(socket, data, references).Run(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)),
        _ => Unknown(name),
    };

    private static async Task<int> Unknown(string name)
    {
        await Console.Error.WriteLineAsync($"tool: no '{name}' with these arguments");
        return 2;
    }
}
