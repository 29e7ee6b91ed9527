using Opx.Daemon.Listening.Polling;

namespace Opx.Daemon.Tests.Listening;

/// <summary>A thread with rounds, as the poller is: the suite's own have none.</summary>
internal static class RoundThread
{
    public static void Run(Action<Round> test)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => test(Round.OfThisThread)));
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }
}
