using System.Collections.Concurrent;
using System.Net.Sockets;
using Opx.Daemon.Interop;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.Vault.Exchange;

/// <summary>
/// The worker process: takes requests from its standard input, which is a socket to the daemon, and answers them there. It ends with the
/// daemon: at the end of the socket, and on Linux with the thread that started it.
/// </summary>
internal sealed class ExchangeWorker : IDisposable
{
    private readonly ConcurrentDictionary<uint, CancellationTokenSource> _underWay = new();
    private readonly FrameSocket _socket;
    private readonly HttpExchange _exchange;

    private ExchangeWorker(FrameSocket socket, HttpExchange exchange) => (_socket, _exchange) = (socket, exchange);

    /// <summary>Works until the other side goes away.</summary>
    public static int Run(Socket standardInput)
    {
        LibC.EndWithParent();
        using var socket = new FrameSocket(standardInput);
        if (socket.Receive() is not { Kind: FrameKind.Trust } first)
            return 1;
        var reader = new FrameReader(first.Fields.Bytes);
        using var worker = new ExchangeWorker(socket, new HttpExchange(Frame.Trust(ref reader)));
        while (socket.Receive() is { } frame)
            worker.Take(frame);
        // Nobody is left to be answered, and what is in memory goes with the process.
        LibC.ExitNow(0);
        return 0;
    }

    public void Dispose() => _exchange.Dispose();

    private void Take(ReceivedFrame frame)
    {
        using (frame.Fields)
        {
            if (frame.Kind == FrameKind.Cancel && _underWay.TryGetValue(frame.Number, out var source))
                source.Cancel();
            if (frame.Kind != FrameKind.Request)
                return;
            var reader = new FrameReader(frame.Fields.Bytes);
            var request = Frame.Request(ref reader);
            var cancellation = _underWay[frame.Number] = new CancellationTokenSource();
            _ = Task.Run(() => AnswerAsync(frame.Number, request, cancellation.Token));
        }
    }

    private async Task AnswerAsync(uint number, VaultRequest request, CancellationToken cancellation)
    {
        try
        {
            using var answer = await AnswerAsync(request, cancellation);
            using var frame = new SecretBuffer();
            Frame.Answer(frame, number, answer);
            if (!_socket.TrySend(frame))
                LibC.ExitNow(0);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has been told already.
        }
        finally
        {
            // The source has no timer and nothing is linked to it: it is left to the collector, and cancelled too late without harm.
            _underWay.TryRemove(number, out _);
        }
    }

    private async Task<VaultAnswer> AnswerAsync(VaultRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _exchange.SendAsync(request, cancellation);
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            // Nobody may be left waiting.
            return VaultAnswer.Of(ExchangeFault.Broken);
        }
    }
}
