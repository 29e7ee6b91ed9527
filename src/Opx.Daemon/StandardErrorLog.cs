using Microsoft.Extensions.Logging;
using Opx.Protocol;

namespace Opx.Daemon;

/// <summary>
/// The daemon's log: one line an event on standard error, which is a file where a client started the daemon and the journal where systemd
/// did. What comes from elsewhere is shown so that it cannot forge a line.
/// </summary>
internal sealed class StandardErrorLog(TextWriter output, bool verbose, TimeProvider clock) : ILoggerProvider
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private bool IsEnabled(string category, LogLevel level) =>
        level >= (category.StartsWith("Opx.", StringComparison.Ordinal) ? verbose ? LogLevel.Debug : LogLevel.Information : LogLevel.Error);

    private void Write(LogLevel level, string message)
    {
        var line = $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Word(level)} {Printable.Text(message, 4_000)}";
        lock (_lock)
            output.WriteLine(line);
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    private sealed class Category(StandardErrorLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => log.IsEnabled(name, level);

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(level))
                return;
            var message = formatter(state, exception);
            log.Write(level, exception is null ? message : $"{message} ({exception.GetType().Name})");
        }
    }
}
