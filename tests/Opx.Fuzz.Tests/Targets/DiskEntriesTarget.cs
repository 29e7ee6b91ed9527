using Opx.Daemon.Secrets;
using Opx.Daemon.Secrets.OnDisk;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>What a daemon sealed on a disk, opened: entries whose time is not over, or an error that means another version, and nothing else.</summary>
internal sealed class DiskEntriesTarget() : Target("disk-entries", 5)
{
    private static readonly ManualClock Clock = new();

    public override byte[] Generate(Choices choices)
    {
        var (entries, buffer) = (new List<SealedEntry>(), new SecretBuffer());
        for (var count = choices.Between(0, 3); count > 0; count--)
        {
            var key = new SecretKey(choices.Of("opcli", "vault"), choices.Of(null, "work", ""), Words.GoodReference(choices));
            entries.Add(new SealedEntry(key, SecretValue.CopyOf(System.Text.Encoding.UTF8.GetBytes(Words.Text(choices))), TimeSpan.FromSeconds(choices.Of(1, 60, 1_000_000)), choices.Below(2_000_000_000)));
        }

        using (buffer)
        {
            new SealedEntries("boot", Clock).Write(buffer, entries);
            entries.ForEach(entry => entry.Dispose());
            return Mutation.Some(buffer.Bytes.ToArray(), choices);
        }
    }

    public override void Check(byte[] input)
    {
        List<SealedEntry> entries;
        try
        {
            entries = new SealedEntries("boot", Clock).Read(input);
        }
        catch (InvalidDataException)
        {
            return;
        }

        using var buffer = new SecretBuffer();
        new SealedEntries("boot", Clock).Write(buffer, entries);
        var again = new SealedEntries("boot", Clock).Read(buffer.Bytes);
        Oracle.Same(entries.Count, again.Count, "entries, written and read again");
        for (var i = 0; i < entries.Count; i++)
        {
            using var entry = entries[i];
            using var other = again[i];
            Oracle.Same(entry.Key, other.Key, "the key");
            Oracle.Same(entry.ResolvedAtUnix, other.ResolvedAtUnix, "when it was read");
            Oracle.Holds((entry.Left - other.Left).Duration() <= TimeSpan.FromMilliseconds(1), $"{entry.Left} left, and then {other.Left}");
            Oracle.Holds(entry.Left > TimeSpan.Zero, "an entry whose time is over");
            Oracle.SameBytes(entry.Value.Bytes, other.Value.Bytes, "its value");
        }
    }
}
