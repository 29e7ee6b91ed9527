namespace Opx.Daemon.Interop;

/// <summary>
/// Gives memory back when a burst is over. What many reads at once leave behind lies in generations that the collector does not look at before it
/// needs room, which an idle daemon never does. The price is a pause of milliseconds at a moment when nobody asks for anything.
/// </summary>
internal sealed class QuietCollection : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Less than this in an interval is nobody, or somebody who looks at the status; more than that since we collected is worth it.
    private const long Quiet = 256 * 1024;
    private const long Burst = 4 * 1024 * 1024;

    private readonly Func<long> _allocated;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private long _before;
    private long _collected;

    internal QuietCollection(TimeProvider clock, Func<long> allocated, Action collect)
    {
        (_allocated, _collect) = (allocated, collect);
        _before = _collected = allocated();
        _timer = clock.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    public static QuietCollection Begin(TimeProvider clock) => new(
        clock,
        () => GC.GetTotalAllocatedBytes(),
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _allocated();
        var isQuiet = now - _before < Quiet;
        _before = now;
        if (!isQuiet || now - _collected < Burst)
            return;
        _collected = now;
        _collect();
    }
}
