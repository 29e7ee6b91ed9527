using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Opx.Daemon.Interop;
using Opx.Daemon.Listening.Polling;
using Pipe = System.IO.Pipelines.Pipe;

namespace Opx.Daemon.Listening.Tls;

/// <summary>
/// Plain bytes on one side, a socket with TLS on the other. The poller's thread reads and, as far as nobody has to be waited for, runs what the bytes
/// ask for; whoever has an answer writes it straight to the socket.
/// </summary>
internal sealed class TlsPipe : IDuplexPipe, IPolled, IAsyncDisposable
{
    // As Kestrel's own transport has it: where reading, or writing, waits for the other side of the pipe.
    private const int MostInput = 1024 * 1024, MostOutput = 64 * 1024;

    // Of one connection's bytes at a time; then what they ask for is looked at.
    private const int Window = 64 * 1024;

    // The most that one TLS record takes.
    private const int RecordBytes = 16 * 1024;

    private readonly PolledConnection _connection;
    private readonly TlsSession _session;
    private readonly PollWatch _watch;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly TaskCompletionSource<bool> _greeting = new();
    private readonly Task _sending;
    private TaskCompletionSource? _writable;
    private bool _hasGreeted;
    private bool _hasRead;
    private volatile bool _isFull;
    private volatile bool _isLost;
    private volatile bool _isOver;

    // The stage, and the poller's thread while it is at work here. Who leaves last gives the memory back: neither has to wait for the other.
    private int _users = 1;

    public TlsPipe(PolledConnection connection, TlsContextHandle context, MemoryPool<byte> memory)
    {
        _connection = connection;
        _input = new Pipe(Options(memory, MostInput));
        _output = new Pipe(Options(memory, MostOutput));
        _session = new TlsSession(context, connection.Socket);
        _watch = connection.Poller.Watch((int)connection.Socket.DangerousGetHandle(), this);
        _sending = SendAsync();
    }

    public PipeReader Input => _input.Reader;

    public PipeWriter Output => _output.Writer;

    /// <summary>The handshake, which begins here and goes on while the client does.</summary>
    /// <returns>False where there is nobody to talk to.</returns>
    public Task<bool> GreetAsync()
    {
        _watch.Want(more: PollEvents.Readable);
        return _greeting.Task;
    }

    /// <summary>Ends what we say, in the middle of a request too: who was not answered knows that it has to ask again.</summary>
    public void Goodbye() => _session.Goodbye();

    public void Ready(PollEvents events)
    {
        if (!Enter())
            return;
        try
        {
            if ((events & ~PollEvents.Readable) != PollEvents.None)
                Resume();
            if ((_hasGreeted || Greet()) && !_hasRead && !_isFull)
                _ = ReceiveAsync(events);
            else
                LoseIfOver(events);
        }
        catch (Exception error) when (error is IOException or OutOfMemoryException)
        {
            Lose();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Says what is left to be said, and goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        await _output.Writer.CompleteAsync();
        await _sending;
        _session.Goodbye();
        await _input.Reader.CompleteAsync();
        _isOver = true;
        Leave();
    }

    private static PipeOptions Options(MemoryPool<byte> memory, int most) =>
        new(memory, PipeScheduler.Inline, PipeScheduler.Inline, most, most / 2, useSynchronizationContext: false);

    /// <returns>True where there is something to be read.</returns>
    private bool Greet()
    {
        var step = _session.Accept(out var isMore);
        if (step == TlsStep.Wait)
            return false;
        _hasGreeted = true;
        _hasRead = step != TlsStep.Done;
        if (_hasRead)
            _watch.Want(less: PollEvents.Readable);
        _greeting.TrySetResult(!_hasRead);
        return isMore;
    }

    /// <summary>Reads, and runs what was read when all of the round have been read: what is looked up then holds for everybody's request.</summary>
    private async Task ReceiveAsync(PollEvents events)
    {
        Interlocked.Increment(ref _users);
        try
        {
            TlsStep step;
            bool isMore;
            do
            {
                step = Fill(out isMore, out var filled);
                await Round.End;
                if (filled > 0)
                    Hand(_input.Writer.FlushAsync());
            }
            while (isMore && step == TlsStep.Done && !_hasRead && !_isFull);

            if (step is TlsStep.Ended or TlsStep.Failed)
            {
                _hasRead = true;
                // Where nothing is under way, this is the end of the connection, here and now.
                _input.Writer.Complete();
                StopReading();
            }

            LoseIfOver(events);
        }
        catch (Exception error) when (error is IOException or OutOfMemoryException)
        {
            Lose();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Nothing is left to be read, or nobody who would: what the kernel goes on saying is that this is over.</summary>
    private void LoseIfOver(PollEvents events)
    {
        if ((events & (PollEvents.HungUp | PollEvents.Failed)) != PollEvents.None && (_hasRead || _isFull))
            Lose();
    }

    /// <summary>Reads what TLS has, up to a window full.</summary>
    private TlsStep Fill(out bool isMore, out int filled)
    {
        filled = 0;
        Round.Reads();
        while (true)
        {
            var step = _session.Read(_input.Writer.GetMemory().Span, out var count, out isMore);
            if (step != TlsStep.Done)
                return step;
            _input.Writer.Advance(count);
            filled += count;
            if (!isMore || filled >= Window)
                return step;
        }
    }

    /// <summary>What was read has been looked at, or is more than was wanted for now, or nobody wants more.</summary>
    private void Hand(ValueTask<FlushResult> flush)
    {
        if (!flush.IsCompletedSuccessfully)
            _ = WaitForRoomAsync(flush);
        else if (flush.Result.IsCompleted)
            StopReading();
    }

    private async Task WaitForRoomAsync(ValueTask<FlushResult> flush)
    {
        _isFull = true;
        _watch.Want(less: PollEvents.Readable);
        var result = await flush;
        _isFull = false;
        // Writable it is as good as always: that brings the poller's thread back for what TLS holds, of which the socket does not tell.
        if (!result.IsCompleted)
            _watch.Want(more: PollEvents.Readable | PollEvents.Writable);
    }

    private void StopReading()
    {
        _hasRead = true;
        if (!_isOver)
            _watch.Want(less: PollEvents.Readable);
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _output.Reader.ReadAsync();
                // A client that is woken takes the processor, and finds it warm for itself and cold for the next request: one after the other costs a
                // sixth more.
                if (!result.Buffer.IsEmpty)
                    await Round.End;
                for (var left = result.Buffer; !left.IsEmpty;)
                {
                    var step = Send(left, out var sent);
                    left = left.Slice(sent);
                    if (step == TlsStep.Wait)
                        await WritableAsync();
                    else if (step != TlsStep.Done)
                        return;
                }

                _output.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        finally
        {
            await _output.Reader.CompleteAsync();
        }
    }

    /// <summary>One record, as large as it may be: an answer lies in blocks that are smaller.</summary>
    private TlsStep Send(ReadOnlySequence<byte> bytes, out int sent)
    {
        if (bytes.IsSingleSegment)
            return _session.Write(bytes.FirstSpan, out sent);

        Span<byte> record = stackalloc byte[(int)Math.Min(bytes.Length, RecordBytes)];
        try
        {
            bytes.Slice(0, record.Length).CopyTo(record);
            return _session.Write(record, out sent);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
        }
    }

    private Task WritableAsync()
    {
        var writable = new TaskCompletionSource();
        Interlocked.Exchange(ref _writable, writable);
        if (_isLost)
            return Task.CompletedTask;
        _watch.Want(more: PollEvents.Writable);
        return writable.Task;
    }

    private void Resume()
    {
        _watch.Want(less: PollEvents.Writable);
        Interlocked.Exchange(ref _writable, null)?.TrySetResult();
    }

    /// <summary>The other side is gone, whatever is under way for it.</summary>
    private void Lose()
    {
        if (_isOver)
            return;
        _isLost = true;
        _hasRead = true;
        _watch.End();
        _connection.Abort(new ConnectionAbortedException("the client has gone"));
        Interlocked.Exchange(ref _writable, null)?.TrySetResult();
        _greeting.TrySetResult(false);
    }

    private bool Enter()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users)
                return true;
            users = found;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _watch.Dispose();
        _session.Dispose();
        _input.Writer.Complete();
    }
}
