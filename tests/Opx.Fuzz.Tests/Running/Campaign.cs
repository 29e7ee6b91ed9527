using System.Collections.Concurrent;

namespace Opx.Fuzz.Tests.Running;

/// <summary>Very many inputs through many targets, on all processors.</summary>
internal static class Campaign
{
    private const int Block = 500;

    /// <returns>An exit code: 1 where something was found.</returns>
    public static int Run(IReadOnlyList<Target> targets, long inputs, ulong first, TextWriter output)
    {
        long weights = targets.Sum(target => target.Weight);
        // Rounded up: together no fewer than were asked for.
        var tallies = targets.Select(target => new Tally(target, ((inputs * target.Weight) + weights - 1) / weights)).ToList();
        output.WriteLine($"fuzz: {tallies.Sum(tally => tally.Wanted):N0} inputs, seeds from {first}");
        var began = TimeProvider.System.GetTimestamp();
        // Slow targets first, or the last block would be waited for.
        var work = new ConcurrentQueue<(Tally Tally, long From)>(
            tallies.OrderBy(tally => tally.Target.Weight).SelectMany(tally => Blocks(tally.Wanted).Select(from => (tally, from))));
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Work(work, first), 16 * 1024 * 1024)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        foreach (var tally in tallies)
            output.WriteLine($"fuzz: {tally.Target.Name,-16} {tally.Done,11:N0} inputs {tally.MicrosecondsEach,7:0.0} us each {(tally.Found is null ? "" : " FAILED")}");
        foreach (var (target, (seed, fault)) in tallies.Where(tally => tally.Found is not null).Select(tally => (tally.Target, tally.Found!.Value)))
            output.WriteLine(Replay.Report(target, seed, fault));
        var failed = tallies.Count(tally => tally.Found is not null);
        output.WriteLine($"fuzz: {tallies.Sum(tally => tally.Done):N0} inputs in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s, {failed} of {tallies.Count} targets failed");
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<long> Blocks(long wanted)
    {
        for (var from = 0L; from < wanted; from += Block)
            yield return from;
    }

    private static void Work(ConcurrentQueue<(Tally Tally, long From)> work, ulong first)
    {
        while (work.TryDequeue(out var block))
            block.Tally.Run(first, block.From, Math.Min(block.From + Block, block.Tally.Wanted));
    }

    private sealed class Tally(Target target, long wanted)
    {
        private long _done;
        private long _ticks;
        private readonly Lock _lock = new();

        public Target Target => target;

        public long Wanted => wanted;

        public long Done => _done;

        public double MicrosecondsEach => new TimeSpan(_ticks).TotalMicroseconds / Math.Max(1, _done);

        /// <summary>The first that failed; the target is left alone from then on.</summary>
        public (ulong Seed, string Fault)? Found { get; private set; }

        public void Run(ulong first, long from, long to)
        {
            var began = TimeProvider.System.GetTimestamp();
            for (var i = from; i < to && Found is null; i++)
            {
                var seed = first + (ulong)i;
                if (Trial.Fault(target, target.Input(seed)) is { } fault)
                {
                    lock (_lock)
                        Found ??= (seed, fault);
                }

                Interlocked.Increment(ref _done);
            }

            Interlocked.Add(ref _ticks, TimeProvider.System.GetElapsedTime(began).Ticks);
        }
    }
}
