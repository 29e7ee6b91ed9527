namespace Opx.Model.Tests.Histories;

/// <summary>What histories came to: a model that meets nothing shows nothing.</summary>
internal sealed class Tally
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _seen = new();

    public int this[string what] => _seen.GetValueOrDefault(what);

    public void Add(World world)
    {
        See("reads", world.Reads.Count);
        See("calls", world.Calls.Count);
        See("calls that ended with their last reader", world.Calls.Count(call => call.IsCancelled));
        See("invalidations", world.Invalidations.Count());
        // But for the one at the end.
        See("locks", world.Locks - 1);
    }

    public void See(string what, int times = 1) => _seen.AddOrUpdate(what, times, (_, before) => before + times);

    public override string ToString() => string.Join(", ", _seen.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value:N0} {pair.Key}"));
}
