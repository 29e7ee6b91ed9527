using System.Collections.Concurrent;
using Opx.TestKit.Generation;

namespace Opx.Model.Tests.Stepping;

/// <summary>
/// Says what runs when: one thing at a time, at each step another one that could go on, by choices that can be made again. Tasks go from here to
/// a fiber, and a fiber may be stopped at each lock.
/// </summary>
/// <param name="interruptions">In how many of a hundred places that allow it somebody else goes on.</param>
internal sealed class Schedule(Choices choices, int interruptions) : TaskScheduler
{
    private static readonly ConcurrentBag<Fiber> Idle = [];

    private readonly List<Fiber> _begun = [];
    private readonly List<Task> _ready = [];

    /// <summary>Tasks that were begun and cannot go on: each waits for a lock of another's.</summary>
    public int Stuck => _begun.Count;

    public bool Interrupts() => choices.Chance(interruptions);

    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>Runs until nothing can go on, or so many steps.</summary>
    /// <returns>False where nothing can go on.</returns>
    public bool RunSteps(int most)
    {
        for (; most > 0; most--)
        {
            var able = _begun.Where(fiber => fiber.CanGoOn).ToList();
            if (able.Count + _ready.Count == 0)
                return false;
            var next = choices.Below(able.Count + _ready.Count);
            Step(next < able.Count ? able[next] : Begin(next - able.Count));
        }

        return true;
    }

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    private Fiber Begin(int index)
    {
        var task = _ready[index];
        _ready.RemoveAt(index);
        var fiber = Idle.TryTake(out var idle) ? idle : new Fiber();
        fiber.Begin(this, () => TryExecuteTask(task));
        _begun.Add(fiber);
        return fiber;
    }

    private void Step(Fiber fiber)
    {
        fiber.Step();
        if (!fiber.IsDone)
            return;
        _begun.Remove(fiber);
        Idle.Add(fiber);
    }
}
