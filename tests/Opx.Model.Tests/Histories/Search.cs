using Opx.TestKit.Generation;

namespace Opx.Model.Tests.Histories;

/// <summary>Looks for a history that goes wrong, and for the shortest that does in the same way.</summary>
internal static class Search
{
    /// <summary>A report of the first that goes wrong; null where none does.</summary>
    public static string? Run(ulong first, long histories, Tally tally)
    {
        string? report = null;
        var next = -1L;
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return report;

        void Work()
        {
            for (long i; report is null && (i = Interlocked.Increment(ref next)) < histories;)
            {
                if (History.Run(new Choices(first + (ulong)i), _ => { }, tally) is { } fault)
                    report ??= Report(first + (ulong)i, fault);
            }
        }
    }

    public static string Report(ulong seed, string fault)
    {
        var made = new List<int>();
        History.Run(new Choices(seed, made), _ => { });
        var fewest = Shrinking.Shrink(made, choices => History.Run(new Choices(choices), _ => { }) is { } now && Kind(now) == Kind(fault));
        var story = new List<string>();
        var found = History.Run(new Choices(fewest), story.Add);
        return $"seed {seed}: {found ?? fault}\n  {string.Join("\n  ", story)}\n  again with: make fuzz TARGET=histories SEED={seed}";
    }

    private static string Kind(string fault) => new([.. fault.Where(letter => !char.IsAsciiDigit(letter)).Take(400)]);
}
