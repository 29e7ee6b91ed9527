namespace Opx.Daemon.Secrets;

/// <summary>
/// As the framework's, but what waits for several at once is told there and then: the framework tells it on the thread pool, which no schedule
/// sees. What goes on after that waits for its turn all the same, because it belongs to the schedule.
/// </summary>
internal sealed class TaskCompletionSource<T>
{
    private readonly System.Threading.Tasks.TaskCompletionSource<T> _source = new();

    public TaskCompletionSource(TaskCreationOptions options) => _ = options;

    public Task<T> Task => _source.Task;

    public bool TrySetResult(T result) => _source.TrySetResult(result);

    public bool TrySetCanceled(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);
}
