using System.Diagnostics;
using Opx.Protocol;

namespace Opx.Daemon.Sessions;

/// <summary>
/// Locks the session with the desktop, and before the machine sleeps: follows a child that says so. A desktop, a bus or that program may be
/// missing, or go away for a while: the daemon works on without them, says so once, and tries again.
/// </summary>
internal sealed class DesktopWatch : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // The program ends with us however we end: the shell between waits for the end of its input, which is our end of a pipe. Its own output is
    // closed, so that ours ends with the program's.
    private const string EndsWithUs = "\"$@\" & exec >&-; read -r _; kill $!";
    private static readonly string[] Passed = [EnvironmentNames.Path, "DBUS_SYSTEM_BUS_ADDRESS"];

    private readonly DesktopSignals _signals;
    private readonly Func<string, string?> _environment;
    private readonly Action _lock;
    private readonly TextWriter _log;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private volatile bool _isWatching;
    private bool _complained;

    public DesktopWatch(DesktopSignals signals, Func<string, string?> environment, Action @lock, TextWriter log, TimeProvider clock)
    {
        (_signals, _environment, _lock, _log, _clock) = (signals, environment, @lock, log, clock);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>True while the program runs that tells of locks.</summary>
    public bool IsWatching => _isWatching;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        var pause = FirstPause;
        while (!_end.IsCancellationRequested)
        {
            var began = _clock.GetTimestamp();
            try
            {
                await FollowAsync();
            }
            catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
            {
                // Not there, or not to be run: what follows says it.
            }

            _isWatching = false;
            if (_clock.GetElapsedTime(began) >= LongestPause)
                (pause, _complained) = (FirstPause, false);
            if (!_end.IsCancellationRequested && !_complained)
                _log.WriteLine($"opx-authd: the session does not lock with the desktop: '{_signals.Program}' cannot be run here or has ended; it is tried again");
            _complained = true;
            var wait = pause;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(wait, _clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync()
    {
        using var child = Process.Start(Start())!;
        // Read and let go: a full pipe would stop it.
        child.BeginErrorReadLine();
        using var ended = _end.Token.UnsafeRegister(static child => ((Process)child!).StandardInput.Close(), child);
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            // It says who is there before the first signal.
            _isWatching = true;
            if (_signals.IsLock(line))
                _lock();
        }

        child.StandardInput.Close();
        await child.WaitForExitAsync();
    }

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", EndsWithUs, "sh", _signals.Program, .. _signals.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["LC_ALL"] = "C";
        foreach (var name in Passed)
        {
            if (_environment(name) is { Length: > 0 } value)
                start.Environment[name] = value;
        }

        return start;
    }
}
