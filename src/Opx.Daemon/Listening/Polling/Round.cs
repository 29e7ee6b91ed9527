using System.Runtime.CompilerServices;

namespace Opx.Daemon.Listening.Polling;

/// <summary>
/// What the poller found ready at once: all of it is looked at, then comes what was put off to the end. On threads other than the poller's there is no
/// round, and nothing is put off.
/// </summary>
internal sealed class Round
{
    [ThreadStatic]
    private static Round? _ofThisThread;

    private static long _lastMoment;

    private readonly Queue<Action> _later = new();
    private bool _isAtLast;
    private long _moment;

    /// <summary>To be awaited for what costs less when it is done for everybody of the round in a row, or once for all of them: goes on, on the same
    /// thread, when everything that was ready has been looked at. Where that is the case already, it goes on at once.</summary>
    public static EndOfRound End => default;

    /// <summary>The round of this thread, from here on.</summary>
    public static Round OfThisThread => _ofThisThread ??= new Round();

    /// <summary>
    /// Another number since anything was read on this thread, 0 on a thread without rounds: what is found out in a moment, of the machine and not of one
    /// caller, was found out after everything that is answered in it had come.
    /// </summary>
    public static long Moment => _ofThisThread?._moment ?? 0;

    /// <summary>Something is about to be read on this thread.</summary>
    public static void Reads()
    {
        if (_ofThisThread is { } round)
            round._moment = Interlocked.Increment(ref _lastMoment);
    }

    /// <summary>One of those that are ready is looked at now.</summary>
    public void Looks(bool atLast) => _isAtLast = atLast;

    /// <summary>Everything has been looked at: the turn of what was put off, in its order, and of what that puts off itself.</summary>
    public void Finish()
    {
        _isAtLast = true;
        while (_later.TryDequeue(out var continuation))
            continuation();
    }

    public readonly struct EndOfRound : ICriticalNotifyCompletion
    {
        // Whoever is last has nobody to wait for, unless others wait already: they come first.
        public bool IsCompleted => _ofThisThread is not { } round || (round._isAtLast && round._later.Count == 0);

        public EndOfRound GetAwaiter() => this;

        public void OnCompleted(Action continuation) => _ofThisThread!._later.Enqueue(continuation);

        public void UnsafeOnCompleted(Action continuation) => _ofThisThread!._later.Enqueue(continuation);

        public void GetResult()
        {
        }
    }
}
