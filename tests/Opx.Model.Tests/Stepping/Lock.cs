using Opx.Model.Tests.Stepping;

namespace System.Threading;

/// <summary>
/// Stands in for the framework's lock in the daemon's files that are compiled in here: the compiler takes the nearest type of this name for
/// <c>lock</c>. Whoever enters may be made to wait while others go on, and so may who has left; who finds it taken waits for its owner.
/// </summary>
internal sealed class Lock
{
    private Fiber? _owner;
    private int _depth;

    public bool IsFree => _owner is null;

    public Scope EnterScope()
    {
        // Without a fiber nobody else runs: the beginning and the end of a history.
        if (Fiber.Current is { } fiber)
        {
            if (_owner != fiber)
            {
                Fiber.Point();
                while (!IsFree)
                    fiber.WaitFor(this);
                _owner = fiber;
            }

            _depth++;
        }

        return new Scope(this);
    }

    private void Exit()
    {
        if (Fiber.Current is null || --_depth > 0)
            return;
        _owner = null;
        Fiber.Point();
    }

    public readonly ref struct Scope(Lock held)
    {
        public void Dispose() => held.Exit();
    }
}
