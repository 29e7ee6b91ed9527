using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Opx.Daemon.Listening.Polling;

/// <summary>
/// The one connection that Kestrel accepts: it stands for all of ours, which run on the poller's thread. Kestrel would give each to the pool, whose worker has to
/// be woken for it: a tenth of a new connection. Kestrel's heart beat, and its end, reach ours through this one; and what its HTTP asks of a connection's
/// features and ours do not have, they have from this one.
/// </summary>
internal sealed class Carrier(Poller poller, ILogger log) : DefaultConnectionContext("carrier")
{
    private readonly Lock _lock = new();
    private readonly HashSet<PolledConnection> _open = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionDelegate? _stages;
    private bool _isClosing;

    /// <summary>Done when Kestrel closes and the last connection is over.</summary>
    /// <param name="stages">What each connection goes through, up to Kestrel's HTTP.</param>
    /// <param name="begin">From here on there is somewhere to bring them.</param>
    public async Task CarryAsync(ConnectionDelegate stages, Action begin)
    {
        _stages = stages;
        Features.GetRequiredFeature<IConnectionHeartbeatFeature>().OnHeartbeat(static carrier => ((Carrier)carrier).Beat(), this);
        var closing = Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        await using (closing.UnsafeRegister(static carrier => ((Carrier)carrier!).Close(), this))
        {
            begin();
            await _ended.Task;
        }
    }

    public void Take(SafeHandle socket) => _ = RunAsync(new PolledConnection(socket, poller, Features));

    /// <summary>Kestrel waits no longer.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        foreach (var connection in Open())
            connection.Abort(abortReason);
    }

    private async Task RunAsync(PolledConnection connection)
    {
        await using (connection)
        {
            if (!Add(connection))
                return;
            try
            {
                // Whatever is looked up for whoever came, is looked up once for all of the round.
                await Round.End;
                await _stages!(connection);
            }
            catch (Exception error)
            {
                log.ConnectionFailed(connection.ConnectionId, error.GetType().Name);
            }
            finally
            {
                Remove(connection);
            }
        }
    }

    private bool Add(PolledConnection connection)
    {
        lock (_lock)
            return !_ended.Task.IsCompleted && _open.Add(connection);
    }

    private void Remove(PolledConnection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
            EndIfDue();
        }
    }

    private void Close()
    {
        lock (_lock)
        {
            _isClosing = true;
            EndIfDue();
        }
    }

    private void EndIfDue()
    {
        if (_isClosing && _open.Count == 0)
            _ended.TrySetResult();
    }

    private void Beat()
    {
        foreach (var connection in Open())
            connection.Beat();
    }

    private PolledConnection[] Open()
    {
        lock (_lock)
            return [.. _open];
    }
}
