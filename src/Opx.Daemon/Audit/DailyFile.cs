using System.Text;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.File;

namespace Opx.Daemon.Audit;

/// <summary>One day's file, written by Serilog's file sink in audit mode (failures are thrown, not swallowed).</summary>
internal sealed class DailyFile : IDisposable
{
    private static readonly LogEvent Event = new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, MessageTemplate.Empty, []);

    private readonly string _path;
    private readonly FileStatus _status;
    private readonly Lines _lines = new();
    private readonly Opening _opening = new();
    private bool _endsWithinLine;
    private volatile bool _isUnsynced;
    private readonly Logger _logger;

    private DailyFile(string path)
    {
        _path = path;
        _logger = new LoggerConfiguration().AuditTo.File(_lines, path, hooks: _opening).CreateLogger();
        _status = FileStatus.Of(path) ?? throw new FileNotFoundException($"{Printable.Text(path)} was removed while it was opened");
    }

    /// <summary>True while the path still leads to this file.</summary>
    public bool IsInPlace => FileStatus.Of(_path) is { } now && now.Inode == _status.Inode && now.Device == _status.Device;

    /// <summary>True while the file has a name, and nobody else has made it longer or shorter.</summary>
    public bool IsUntouched => Stat.Of(Stream.Handle) is { Links: > 0 } now && now.Size == Stream.Written;

    /// <summary>Something was written since the last <see cref="Sync"/>.</summary>
    public bool IsUnsynced => _isUnsynced;

    /// <summary>How we leave the file, for whoever opens it again.</summary>
    public Trace Left => new(_path, _status, Stream.Written, Stream.HasHalfLine);

    private ExactStream Stream => _opening.Stream!;

    /// <summary>Opens the file at its end. Where that is half a line, the first append makes it a line of its own, in the same write as the record
    /// behind it: a whole line that is none is never a crash's.</summary>
    public static DailyFile Open(string path, uint owner)
    {
        // Made here, with its mode from the beginning: the sink would make it with whatever the mask leaves.
        if (FileStatus.Of(path) is { } status)
            Check(path, status, owner);
        else
            new FileStream(path, Creation()).Dispose();
        var file = new DailyFile(path);
        try
        {
            file._endsWithinLine = EndsWithinLine(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">Nothing of it is in the file.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (_endsWithinLine)
            lines = (byte[])[(byte)'\n', .. lines];
        var before = Stream.Written;
        _lines.Set(lines);
        try
        {
            _logger.Write(Event);
        }
        catch (AggregateException thrown)
        {
            throw new IOException(thrown.InnerException switch
            {
                IOException or UnauthorizedAccessException => thrown.InnerException.Message,
                // What .NET makes of EFBIG.
                ArgumentOutOfRangeException => $"File too large : '{_path}'",
                var other => $"{other?.GetType().Name} : '{_path}'",
            });
        }

        // The sink may become one that drops what it cannot write; we answer for it.
        if (Stream.Written != before + lines.Length)
            throw new IOException($"{Printable.Text(_path)}: the record was not written");
        _endsWithinLine = false;
        _isUnsynced = true;
    }

    /// <summary>Waits until it is all on the disk.</summary>
    public void Sync()
    {
        _isUnsynced = false;
        RandomAccess.FlushToDisk(Stream.Handle);
    }

    public void Dispose() => _logger.Dispose();

    private static FileStreamOptions Creation() =>
        new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode, BufferSize = 0 };

    private static void Check(string path, FileStatus status, uint owner)
    {
        var shown = Printable.Text(path);
        if (!status.IsRegularFile)
            throw new OpxPathException($"{shown} is not a plain file: move it away");
        if (status.Owner != owner)
            throw new OpxPathException($"{shown} belongs to user {status.Owner}, not to you ({owner})");
        if (status.IsOpenToOthers)
            throw new OpxPathException($"{shown} is open to other users: run chmod 600 {shown}");
    }

    private static bool EndsWithinLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        if (file.Length == 0)
            return false;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    /// <summary>The file as it was when we last wrote to it.</summary>
    internal sealed record Trace(string Path, FileStatus Status, long Length, bool HasHalfLine)
    {
        /// <summary>What somebody else has done to it since; null for nothing.</summary>
        public string? Compare()
        {
            if (FileStatus.Of(Path) is not { } now || now.Inode != Status.Inode || now.Device != Status.Device)
                return "moved or removed";
            var length = new FileInfo(Path).Length;
            return length == Length || (HasHalfLine && length > Length) ? null : "written or cut";
        }
    }

    /// <summary>Our formatter: the lines as they are, already chained.</summary>
    private sealed class Lines : ITextFormatter
    {
        private char[] _characters = [];
        private int _length;

        public void Set(ReadOnlySpan<byte> lines)
        {
            if (_characters.Length < lines.Length || _characters.Length > 256 * 1024)
                _characters = new char[Math.Max(lines.Length, 4_096)];
            _length = Encoding.ASCII.GetChars(lines, _characters);
        }

        public void Format(LogEvent logEvent, TextWriter output) => output.Write(_characters, 0, _length);
    }

    private sealed class Opening : FileLifecycleHooks
    {
        public ExactStream? Stream { get; private set; }

        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding) =>
            Stream = new ExactStream((FileStream)underlyingStream);
    }
}
