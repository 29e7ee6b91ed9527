using Opx.Daemon.Backends;

namespace Opx.Model.Tests.Histories;

/// <summary>A call of the backend. Moments are numbers of what happened, in the order it did.</summary>
internal sealed class Call(int number, IReadOnlyList<string> references, string? account, int began, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<IReadOnlyList<BackendOutcome>> _outcomes = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number => number;

    public IReadOnlyList<string> References => references;

    public string? Account => account;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    public int Began => began;

    public Task<IReadOnlyList<BackendOutcome>> Outcomes => _outcomes.Task;

    /// <summary>When the backend began to answer; the largest number before that.</summary>
    public int Answers { get; private set; } = int.MaxValue;

    public bool IsUnderWay => Answers == int.MaxValue;

    /// <summary>From when on nobody can be waiting for it any more, and by the clock.</summary>
    public int Over { get; set; } = int.MaxValue;

    public TimeSpan OverAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>How long its values may be kept, where it says so.</summary>
    public TimeSpan? KeepFor { get; set; }

    /// <summary>It failed in a way that no backend should.</summary>
    public bool IsDefect { get; set; }

    public void Answer(int now, IReadOnlyList<BackendOutcome> outcomes)
    {
        Answers = now;
        _outcomes.SetResult(outcomes);
    }

    public void Throw(int now, Exception defect)
    {
        (Answers, IsDefect) = (now, true);
        _outcomes.SetException(defect);
    }
}
