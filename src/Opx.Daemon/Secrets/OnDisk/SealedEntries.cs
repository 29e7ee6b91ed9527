using System.Buffers.Binary;
using System.Text;

namespace Opx.Daemon.Secrets.OnDisk;

/// <summary>A value with all that it must not be taken apart from. Whoever has it holds the value.</summary>
internal readonly record struct SealedEntry(SecretKey Key, SecretValue Value, TimeSpan Left, long ResolvedAtUnix) : IDisposable
{
    public void Dispose() => Value.Dispose();
}

/// <summary>
/// Entries as bytes: the moment by both clocks, then each entry with what is left of its time. One clock alone would do: the wall clock can
/// be set back, and the other begins anew with the machine.
/// </summary>
/// <param name="boot">Names the machine's run; what another run wrote is not looked at.</param>
internal sealed class SealedEntries(string boot, TimeProvider clock)
{
    public void Write(SecretBuffer buffer, IReadOnlyCollection<SealedEntry> entries)
    {
        Text(buffer, boot);
        Number(buffer, Elapsed());
        Number(buffer, clock.GetUtcNow().ToUnixTimeMilliseconds());
        Number(buffer, entries.Count);
        foreach (var (key, value, left, resolvedAt) in entries)
        {
            Text(buffer, key.Backend);
            Text(buffer, key.Account is null ? "" : "=" + key.Account);
            Text(buffer, key.Reference);
            Number(buffer, (long)left.TotalMilliseconds);
            Number(buffer, resolvedAt);
            Number(buffer, value.Length);
            buffer.Append(value.Bytes);
        }
    }

    /// <summary>What has time left of what was written.</summary>
    /// <exception cref="InvalidDataException">It is another version's.</exception>
    public List<SealedEntry> Read(ReadOnlySpan<byte> bytes)
    {
        var entries = new List<SealedEntry>();
        if (Text(ref bytes) != boot)
            return entries;
        var since = Elapsed() - Number(ref bytes);
        var byWall = clock.GetUtcNow().ToUnixTimeMilliseconds() - Number(ref bytes);
        // A clock that went back says nothing about how much time has passed.
        var passed = since < 0 || byWall < 0 ? TimeSpan.MaxValue : Time(Math.Max(since, byWall));
        try
        {
            for (var count = Number(ref bytes); count > 0; count--)
                Read(ref bytes, passed, entries);
            return entries;
        }
        catch
        {
            entries.ForEach(entry => entry.Dispose());
            throw;
        }
    }

    private static void Read(ref ReadOnlySpan<byte> bytes, TimeSpan passed, List<SealedEntry> entries)
    {
        var (backend, account, reference) = (Text(ref bytes), Text(ref bytes), Text(ref bytes));
        var left = Time(Number(ref bytes));
        var resolvedAt = Number(ref bytes);
        var value = Take(ref bytes, Number(ref bytes));
        if (left > passed)
            entries.Add(new(new SecretKey(backend, account.Length > 0 ? account[1..] : null, reference), SecretValue.CopyOf(value), left - passed, resolvedAt));
    }

    private long Elapsed() => (long)clock.GetElapsedTime(0).TotalMilliseconds;

    private static void Number(SecretBuffer buffer, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.Room(sizeof(long)), number);
        buffer.Advance(sizeof(long));
    }

    private static void Text(SecretBuffer buffer, string text)
    {
        Number(buffer, Encoding.UTF8.GetByteCount(text));
        buffer.Append(Encoding.UTF8.GetBytes(text));
    }

    private static long Number(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(Take(ref bytes, sizeof(long)));

    private static TimeSpan Time(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds - 1 ? TimeSpan.FromMilliseconds(milliseconds) : throw new InvalidDataException();

    private static string Text(ref ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(Take(ref bytes, Number(ref bytes)));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, long length)
    {
        if (length < 0 || length > bytes.Length)
            throw new InvalidDataException("it is another version's");
        var taken = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return taken;
    }
}
