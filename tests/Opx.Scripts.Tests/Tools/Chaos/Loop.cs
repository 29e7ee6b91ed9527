using System.Runtime.InteropServices;
using Opx.Protocol;

namespace Opx.Scripts.Tests.Tools.Chaos;

/// <summary>Clients that go on until SIGTERM. What was heard by now is printed ten times a second, the last line last.</summary>
internal static class Loop
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="client">Talks once, and hears nothing of the end: what is under way is finished, so that each request has its answer.</param>
    public static async Task<int> RunAsync(int clients, int seed, Func<OpxPaths, Random, Judge, Task> client)
    {
        var paths = OpxPaths.From(Environment.GetEnvironmentVariable);
        var judge = new Judge();
        using var over = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            over.Cancel();
        });
        Console.WriteLine($"seed {seed}");
        var all = Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(async () =>
        {
            var random = new Random((seed * 1_000) + number);
            while (!over.IsCancellationRequested)
                await client(paths, random, judge);
        })));
        while (await Task.WhenAny(all, Task.Delay(Interval, TimeProvider.System)) != all)
            Console.WriteLine(judge);
        await all;
        Console.WriteLine(judge);
        return 0;
    }
}
