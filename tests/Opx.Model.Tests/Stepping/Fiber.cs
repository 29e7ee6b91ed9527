namespace Opx.Model.Tests.Stepping;

/// <summary>A thread that runs only while the schedule lets it. Taken from a pool: a history needs a handful, and there are very many histories.</summary>
// The semaphores have no handle to let go of, and a fiber lives as long as the process.
#pragma warning disable CA1001
internal sealed class Fiber
{
    [ThreadStatic]
    private static Fiber? _current;

    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _gone = new(0);
    private Action? _work;

    public Fiber() => new Thread(Serve, 512 * 1024) { IsBackground = true, Name = "fiber" }.Start();

    /// <summary>The one that runs here; null on any other thread.</summary>
    public static Fiber? Current => _current;

    /// <summary>True once what it was given is done.</summary>
    public bool IsDone => _work is null;

    public Lock? Wanted { get; private set; }

    /// <summary>False while it waits for a lock that is taken.</summary>
    public bool CanGoOn => Wanted is null || Wanted.IsFree;

    private Schedule? Schedule { get; set; }

    /// <summary>Here another one may go on, if the schedule has it so.</summary>
    public static void Point()
    {
        if (_current is { } fiber && fiber.Schedule!.Interrupts())
            fiber.Pause();
    }

    public void WaitFor(Lock wanted)
    {
        Wanted = wanted;
        Pause();
        Wanted = null;
    }

    public void Begin(Schedule schedule, Action work) => (Schedule, _work) = (schedule, work);

    /// <summary>Lets it run until it pauses or is done.</summary>
    public void Step()
    {
        _go.Release();
        _gone.Wait();
    }

    private void Pause()
    {
        _gone.Release();
        _go.Wait();
    }

    private void Serve()
    {
        _current = this;
        while (true)
        {
            _go.Wait();
            _work!();
            _work = null;
            _gone.Release();
        }
    }
}
