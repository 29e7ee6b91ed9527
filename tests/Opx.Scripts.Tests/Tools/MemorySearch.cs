using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opx.Scripts.Tests.Tools;

/// <summary>
/// Searches all readable memory of a process for a needle: in UTF-8, in UTF-16 and in base64 at each of the three places it may begin. The
/// needle is what a script's canaries have in common, so that half a canary is found as well.
/// </summary>
internal sealed class MemorySearch(string needle)
{
    private const int Chunk = 4 * 1024 * 1024;

    private readonly (string Name, byte[] Bytes)[] _forms =
    [
        ("utf8", Encoding.ASCII.GetBytes(needle)),
        ("utf16", Encoding.Unicode.GetBytes(needle)),
        .. Enumerable.Range(0, 3).Select(shift => ($"base64+{shift}", Base64(needle, shift))),
    ];

    private readonly Dictionary<string, int> _found = [];
    private readonly HashSet<string> _distinct = [];

    /// <summary>Of a process that lets us look; where each copy lies goes to standard error.</summary>
    public static int Run(string process, string needle)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        using var pages = File.OpenHandle($"/proc/{process}/pagemap");
        Console.WriteLine(new MemorySearch(needle).Report(memory, pages, File.ReadLines($"/proc/{process}/maps")));
        return 0;
    }

    /// <summary><c>total=N distinct=N utf8=N utf16=N base64=N bytes=N</c></summary>
    public string Report(SafeFileHandle memory, SafeFileHandle pages, IEnumerable<string> maps)
    {
        var bytes = maps.Sum(line => Region(memory, pages, line));
        var counts = _forms.GroupBy(form => form.Name.Split('+')[0]).Select(group => $"{group.Key}={group.Sum(form => _found.GetValueOrDefault(form.Name))}");
        return $"total={_found.Values.Sum()} distinct={_distinct.Count} {string.Join(' ', counts)} bytes={bytes}";
    }

    /// <summary>The needle in base64, without the digits at both ends that its neighbours have a part in.</summary>
    private static byte[] Base64(string needle, int shift)
    {
        var text = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', shift) + needle));
        var first = shift == 0 ? 0 : shift + 1;
        var whole = (shift + needle.Length) * 8 / 6;
        return Encoding.ASCII.GetBytes(text[first..whole]);
    }

    /// <param name="line">Of <c>maps</c>: <c>7f00-7fff rw-p 0000 00:00 0 [stack]</c>.</param>
    private long Region(SafeFileHandle memory, SafeFileHandle pages, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words[1][0] != 'r' || (words.Length > 5 && words[5] is "[vvar]" or "[vvar_vclock]" or "[vsyscall]"))
            return 0;
        var ends = words[0].Split('-').Select(end => long.Parse(end, NumberStyles.HexNumber)).ToArray();
        return (words[4] == "0" ? Touched(pages, ends[0], ends[1]) : [(ends[0], ends[1])]).Sum(run => Stretch(memory, run.From, run.To, line));
    }

    /// <summary>
    /// The stretches of memory of nobody's file that were ever written to. Some kernels give a page to whoever looks at one that was not, and what a process takes
    /// would be what it was looked at.
    /// </summary>
    private static IEnumerable<(long From, long To)> Touched(SafeFileHandle pages, long from, long to)
    {
        const byte presentOrSwapped = 0xc0;
        var size = Environment.SystemPageSize;
        var entries = new byte[(to - from) / size * sizeof(ulong)];
        if (RandomAccess.Read(pages, entries, from / size * sizeof(ulong)) != entries.Length)
            throw new IOException($"the kernel does not tell which pages of {from:x}-{to:x} there are");
        long? began = null;
        for (var page = 0; page <= entries.Length / sizeof(ulong); page++)
        {
            var at = from + ((long)page * size);
            var isTouched = at < to && (entries[(page * sizeof(ulong)) + sizeof(ulong) - 1] & presentOrSwapped) != 0;
            if (isTouched)
                began ??= at;
            else if (began is { } first)
                yield return (first, at);
            if (!isTouched)
                began = null;
        }
    }

    private long Stretch(SafeFileHandle memory, long from, long to, string line)
    {
        var overlap = _forms.Max(form => form.Bytes.Length) + 8;
        var buffer = new byte[Math.Min(Chunk, to - from) + overlap];
        var seen = 0L;
        for (var at = from; at < to; at += Chunk)
        {
            var length = Read(memory, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at)), at);
            Search(buffer.AsSpan(0, length), at, line);
            seen += Math.Min(length, Chunk);
        }

        return seen;
    }

    private void Search(ReadOnlySpan<byte> bytes, long address, string line)
    {
        foreach (var (name, form) in _forms)
        {
            for (var from = 0; bytes[from..].IndexOf(form) is var hit and >= 0; from += hit + 1)
            {
                // What begins in the overlap is the next chunk's.
                if (from + hit >= Chunk)
                    break;
                _found[name] = _found.GetValueOrDefault(name) + 1;
                var behind = bytes[(from + hit + form.Length)..];
                if (name == "utf8")
                    _distinct.Add(Encoding.ASCII.GetString(behind[..Math.Min(2, behind.Length)]));
                var shown = Encoding.ASCII.GetString(behind[..Math.Min(8, behind.Length)]).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '.');
                Console.Error.WriteLine($"{name} at {address + from + hit:x} …{string.Concat(shown)} in {line}");
            }
        }
    }

    private static int Read(SafeFileHandle memory, Span<byte> into, long at)
    {
        var length = 0;
        try
        {
            while (length < into.Length && RandomAccess.Read(memory, into[length..], at + length) is > 0 and var read)
                length += read;
        }
        catch (IOException)
        {
            // A page that is mapped and not there (a device, a file that was cut off) ends the region.
        }

        return length;
    }
}
