using System.Runtime.InteropServices;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>One line on a terminal for a read that takes its time: what it waits for, and since when. It goes away with the answer. Nothing is
/// ever written where standard error is not a terminal.</summary>
internal sealed class WaitingNotice : IDisposable
{
    // Below that nobody wonders.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private const string Erase = "\r\u001b[K";

    private readonly Lock _line = new();
    private readonly TimeProvider _clock;
    private readonly Action<string> _write;
    private readonly string _what;
    private readonly DateTimeOffset _since;
    private readonly long _start;
    private readonly int _width;
    private readonly ITimer _timer;
    private PosixSignalRegistration? _interrupt;
    private bool _isShown;
    private bool _isOver;

    /// <param name="width">Of the terminal: a line that goes on below could not be taken away.</param>
    internal WaitingNotice(IReadOnlyList<string> references, TimeProvider clock, Action<string> write, int width)
    {
        (_clock, _write, _since, _start, _width) = (clock, write, clock.GetUtcNow(), clock.GetTimestamp(), width);
        _what = What(references);
        _timer = clock.CreateTimer(_ => Show(), null, Patience, TimeSpan.FromSeconds(1));
    }

    /// <summary>Null where nobody would see it.</summary>
    public static WaitingNotice? Begin(Invocation invocation, IReadOnlyList<string> references) =>
        !invocation.IsQuiet && StandardStreams.IsTerminal(StandardStreams.Error) && invocation.Around.Variable("TERM") is { } term && term != "dumb"
            ? new WaitingNotice(references, TimeProvider.System, Messages.Raw, Screen.WidthOf(invocation.Around, StandardStreams.Error))
            : null;

    public void Dispose()
    {
        _timer.Dispose();
        _interrupt?.Dispose();
        TakeAway();
    }

    private void TakeAway()
    {
        lock (_line)
        {
            _isOver = true;
            if (_isShown)
                _write(Erase);
            _isShown = false;
        }
    }

    /// <summary>Who is asked, as far as the references tell.</summary>
    internal static string What(IReadOnlyList<string> references)
    {
        var schemes = references.Select(reference => SecretReference.Parse(reference, out _)?.Scheme ?? ReferenceScheme.None).Distinct().ToList();
        return schemes is [var only] ? only switch
        {
            ReferenceScheme.OnePassword => "1Password, which may want your approval",
            ReferenceScheme.Vault => "Vault",
            ReferenceScheme.Bao => "OpenBao",
            _ => "the backend",
        }
        : "the backends";
    }

    private void Show()
    {
        lock (_line)
        {
            if (_isOver)
                return;
            // Who interrupts a read has the line to themselves again; the signal does the rest.
            _interrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => TakeAway());
            _isShown = true;
            // Never more than have passed; but a timer may go off a moment before its second is over.
            var seconds = Math.Max((long)_clock.GetElapsedTime(_start).TotalSeconds, 1);
            var local = TimeZoneInfo.ConvertTime(_since, _clock.LocalTimeZone);
            var line = $"opx: waiting for {_what} since {local:HH:mm:ss} ({seconds} s)";
            _write(Erase + line[..Math.Min(line.Length, _width - 1)]);
        }
    }
}
