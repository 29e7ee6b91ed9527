using System.Text;
using Opx.Daemon.Audit;
using Opx.Protocol;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Audit;

/// <summary>An audit log in a directory of its own, on a clock that stands still at noon.</summary>
internal sealed class LogUnderTest : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly StringWriter _messages = new();

    public LogUnderTest(int retentionDays = 30, ManualClock? clock = null, bool start = true)
    {
        Clock = clock ?? new ManualClock(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        RetentionDays = retentionDays;
        Directory = _home.MakeDirectory("data");
        if (start)
            Start();
    }

    public int RetentionDays { get; set; }
    public ManualClock Clock { get; }
    public string Directory { get; }
    public AuditLog Log { get; private set; } = null!;
    public string Messages => _messages.ToString();
    public string HeadFile => AuditFiles.HeadFile(Directory);

    public IReadOnlyList<string> Files => [.. AuditFiles.Days(Directory).Select(day => Path.GetFileName(AuditFiles.DayFile(Directory, day)))];

    public void Start()
    {
        Log = Make();
        Log.Start(new AuditEvent(AuditEvents.Daemon) { Reason = "start" });
    }

    public AuditLog Make() => new(new AuditOptions(Directory, ProcessIdentity.EffectiveUserId(), RetentionDays), LogLock.TryTake(Directory)!, Clock, _messages);

    /// <summary>As a daemon that ends in peace.</summary>
    public void Stop()
    {
        Log.Append(new AuditEvent(AuditEvents.Daemon) { Reason = "stop" });
        Log.Dispose();
    }

    /// <summary>As a daemon that is killed: what it had in mind is gone, and so is its lock. The head is what it was.</summary>
    public void Kill()
    {
        var head = File.ReadAllBytes(HeadFile);
        var logs = Files.ToDictionary(file => file, file => File.ReadAllBytes(In(file)));
        Log.Dispose();
        File.WriteAllBytes(HeadFile, head);
        foreach (var (file, content) in logs)
            File.WriteAllBytes(In(file), content);
    }

    public Problem? Read(string reference = "op://Production/k8s/token") =>
        Log.Append(new AuditEvent(AuditEvents.AccessDecision) { Reference = reference, Decision = AuditEvent.Allow, Peer = new(7, "/usr/bin/kubectl", 1000, 1000) });

    public void Read(int times)
    {
        for (var i = 0; i < times; i++)
            Assert.Null(Read($"op://v/i/{i}"));
        Clock.Advance(TimeSpan.FromMilliseconds(200));
    }

    public string In(string name) => Path.Combine(Directory, name);

    public List<string> Lines(int file = 0) => [.. Encoding.ASCII.GetString(File.ReadAllBytes(In(Files[file]))).Split('\n')[..^1]];

    public void Rewrite(int file, IEnumerable<string> lines) => File.WriteAllText(In(Files[file]), string.Concat(lines.Select(line => line + '\n')));

    public List<AuditRecord> Records() => [.. Enumerable.Range(0, Files.Count).SelectMany(Lines).Select(line => AuditRecord.Parse(Encoding.ASCII.GetBytes(line))!)];

    public AuditReport Verify() => AuditVerifier.Verify(Directory);

    /// <summary>What the daemon says it found wrong.</summary>
    public IEnumerable<string?> Damage() =>
        Records().Where(record => record?.Content.Outcome == AuditEvent.LogDamaged).Select(record => record!.Content.Reason);

    public void IsClean() => Assert.Equal([], Verify().Findings.Select(finding => finding.ToString()));

    /// <summary>The first fault that is found.</summary>
    public string FirstFault() => Verify().Findings.FirstOrDefault(finding => finding.IsFault)?.ToString() ?? "none";

    public Dictionary<string, byte[]> Copy() => System.IO.Directory.GetFiles(Directory, "audit*").ToDictionary(file => file, File.ReadAllBytes);

    public void Dispose()
    {
        Log?.Dispose();
        _home.Dispose();
    }
}
