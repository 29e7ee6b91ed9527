using System.Text;
using System.Text.Json;

namespace Opx.Protocol.Files;

/// <summary>
/// Follows the chain through all files and holds it against its own hashes, the signatures and <c>audit.head</c>. It goes on behind what is wrong,
/// reads in a bounded amount of memory, and may run while a daemon writes.
/// </summary>
public sealed class AuditVerifier
{
    private const int MostFindings = 100;

    /// <summary>A daemon that was killed may have left the head this far behind: ten times as long as it lets it be.</summary>
    public static readonly TimeSpan HeadPatience = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly AuditKeys _keys;
    private readonly List<AuditFinding> _findings = [];
    private readonly AuditFoundHead _found;
    private readonly AuditHead? _head;
    private string _file = "";
    private long _faults;
    private long _records;
    private long _signatures;
    private int _files;
    private long? _begin;
    private Place? _last;
    private readonly List<Place> _torn = [];
    private bool _tornIsWhole;
    private DateTimeOffset? _afterHead;
    private DateTimeOffset? _lastTime;
    private SignedPlace? _unchecked;
    private long? _signedFirst;

    private AuditVerifier(string directory, AuditKeys keys)
    {
        (_directory, _keys) = (directory, keys);
        _found = AuditFoundHead.Read(directory, keys.Head);
        _head = _found.Head;
    }

    public static AuditReport Verify(string directory)
    {
        using var keys = AuditKeys.Read(directory);
        var verifier = new AuditVerifier(directory, keys);
        foreach (var day in AuditFiles.Days(directory))
            verifier.ReadFile(AuditFiles.DayFile(directory, day));
        verifier.Finish();
        return new AuditReport(verifier._files, verifier._records, verifier._signatures, verifier._findings, verifier._faults);
    }

    private void ReadFile(string path)
    {
        _file = Path.GetFileName(path);
        _files++;
        try
        {
            using var file = AuditFiles.OpenRead(path);
            var lines = new AuditLineReader(file);
            while (lines.TryRead(out var line, out var end))
                ReadLine(line, lines.Number, end);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fault(0, $"cannot be read: {Printable.Text(error.Message)}");
        }

        CheckSignature();
    }

    private void ReadLine(ReadOnlySpan<byte> line, int number, AuditLineEnd end)
    {
        if (end == AuditLineEnd.TooLong || !AuditLine.TryOpen(line, out var link))
        {
            if (end == AuditLineEnd.TooLong || !AuditLine.IsUnfinished(line))
                Fault(number, "not a record: edited, or put there");
            else
                _torn.Add(new Place(_file, number, 0, ""));
            _tornIsWhole = end == AuditLineEnd.Whole;
            return;
        }

        _records++;
        _begin ??= link.Seq;
        var hash = Encoding.ASCII.GetString(link.Hash);
        var here = new Place(_file, number, link.Seq, hash);
        CheckTorn(here, line, link);
        if (!link.IsIntact)
            Fault(here, $"record {link.Seq} was edited: it does not have the hash it carries");
        CheckLink(here, link);
        Remember(here, line, link);
    }

    /// <summary>Half a record is what a crash leaves only where the daemon starts anew behind it.</summary>
    private void CheckTorn(Place here, ReadOnlySpan<byte> line, AuditLink link)
    {
        foreach (var torn in _torn)
        {
            if (!AuditLine.IsEvent(line, "DAEMON"u8))
                Fault(torn, "not a record: edited, or put there");
            else if (link.Seq == (_last?.Seq ?? 0) + 1)
                Remark(torn, $"torn: opx-authd was stopped while it wrote; nothing is missing, the chain goes on with record {here.Seq}");
            else
                Fault(torn, "torn, and what stood there is missing");
        }

        _torn.Clear();
    }

    private void CheckLink(Place here, AuditLink link)
    {
        if (_last is not { } last)
        {
            if (_head is not null && here.Seq > _head.First)
                Fault(here, $"the log begins with record {here.Seq} instead of {_head.First}: a file or lines were removed");
            return;
        }

        if (here.Seq != last.Seq + 1)
        {
            CheckSignature();
            Fault(here, here.Seq > last.Seq
                ? $"record {here.Seq} stands where record {last.Seq + 1} should: {Range(last.Seq + 1, here.Seq - 1)} removed, or lines were swapped"
                : $"record {here.Seq} stands behind record {last.Seq}: lines were swapped, repeated or put back from a copy");
        }
        else if (!link.Prev.SequenceEqual(Encoding.ASCII.GetBytes(last.Hash)))
        {
            CheckSignature();
            Fault(last, $"record {last.Seq} is not the one that record {here.Seq} was written behind: edited or replaced");
        }
    }

    private void Remember(Place here, ReadOnlySpan<byte> line, AuditLink link)
    {
        _last = here;
        if (_head is not null && here.Seq == _head.Seq && here.Hash != _head.Hash)
            Fault(here, $"record {here.Seq} is not the one that audit.head names: edited or replaced");
        if (_head is null || here.Seq > _head.Seq)
        {
            _lastTime = AuditRecord.Parse(line)?.Timestamp;
            _afterHead ??= _lastTime;
        }

        // What the daemon found goes on counting: else a daemon that starts would make a damaged log an intact one.
        if (AuditLine.IsEvent(line, "DAEMON"u8) && AuditRecord.Parse(line)?.Content is { Outcome: AuditEvent.LogDamaged } told)
            Fault(here, $"record {here.Seq} tells what opx-authd found: {Printable.Text(told.Reason ?? "")}");
        if (!AuditLine.IsEvent(line, "CHECKPOINT"u8))
            return;
        _signatures++;
        if (link.SignedText is { } text)
            _unchecked = new SignedPlace(here, text, [.. link.Signature]);
        else
            Fault(here, $"record {here.Seq} is a checkpoint without a signature");
    }

    /// <summary>One signature speaks for everything before it that is chained to it, so the last of a stretch is enough.</summary>
    private void CheckSignature()
    {
        if (_unchecked is not { } signed)
            return;
        _unchecked = null;
        if (_head is null || signed.Place.Seq <= _head.Seq)
            _signedFirst = SignedFirst(signed.Text);
        if (_keys.Public is { } key && !AuditLink.IsSignedBy(signed.Text, signed.Signature, key))
            Fault(signed.Place, $"the signature of record {signed.Place.Seq} is not by the key in audit.pub");
    }

    private void Finish()
    {
        foreach (var torn in _torn)
        {
            // The daemon ends half a line together with the record it puts behind it.
            if (torn == _torn[^1] && _tornIsWhole)
                Fault(torn, "not a record: edited, or put there");
            else
                Remark(torn, "torn: opx-authd was stopped while it wrote, or is writing now");
        }

        _file = Path.GetFileName(AuditFiles.HeadFile(_directory));
        var keyExists = File.Exists(AuditFiles.KeyFile(_directory)) || File.Exists(AuditFiles.PublicKeyFile(_directory));
        if (_keys.Public is null && (_files > 0 || keyExists))
            Fault(new Place("audit.pub", 0, 0, ""), "missing or no P-256 key: the signatures cannot be checked");
        if (!_keys.Match)
            Fault(new Place("audit.pub", 0, 0, ""), "not the public half of audit.key");
        if (_head is null)
        {
            if (_files > 0 || keyExists)
                Fault(0, _found.Fault ?? (_files > 0 ? "missing or damaged: whether the log was cut off cannot be told" : "the whole audit log was removed"));
            if (_begin > _signedFirst)
                Fault(0, $"the log begins with record {_begin} instead of {_signedFirst}: a file or lines were removed");
            return;
        }

        if (_last is null ? _head.Seq > 0 : _last.Seq < _head.Seq)
            Fault(_last ?? new Place(_file, 0, 0, ""), $"{Range((_last?.Seq ?? 0) + 1, _head.Seq)} removed from the end of the log");
        else if (_last is not null && _last.Seq > (AuditFoundHead.Read(_directory, _keys.Head).Head?.Seq ?? 0) && _lastTime - _afterHead > HeadPatience)
            Fault(0, $"names record {_head.Seq} while the log goes on to {_last.Seq}: it was put back from a copy");
        if (_signedFirst is { } first && first != _head.First)
            Fault(0, $"says that the log begins with record {_head.First}; the last signature says {first}");
    }

    private static long? SignedFirst(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("first", out var first) && first.TryGetInt64(out var seq) ? seq : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The line was edited, and is named for that.
            return null;
        }
    }

    private static string Range(long first, long last) =>
        first == last ? $"record {first} was" : $"records {first} to {last} were";

    private void Fault(int line, string what) => Fault(new Place(_file, line, 0, ""), what);

    private void Fault(Place place, string what)
    {
        _faults++;
        Add(place, what, isFault: true);
    }

    private void Remark(Place place, string what) => Add(place, what, isFault: false);

    private void Add(Place place, string what, bool isFault)
    {
        if (_findings.Count < MostFindings)
            _findings.Add(new AuditFinding(place.File, place.Line, what, isFault));
    }

    private sealed record Place(string File, int Line, long Seq, string Hash);

    private sealed record SignedPlace(Place Place, byte[] Text, byte[] Signature);
}
