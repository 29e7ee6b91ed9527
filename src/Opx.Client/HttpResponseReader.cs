using System.Globalization;
using Opx.Protocol;

namespace Opx.Client;

/// <summary>
/// Reads answers off one connection. By hand, because the framework's HTTP client costs a third of the whole life of `opx read`, and because
/// what it buffers is never wiped. Everything is bounded: the head by the buffer, the body by <see cref="MostBodyBytes"/>.
/// </summary>
internal sealed class HttpResponseReader(Stream stream)
{
    /// <summary>A value of 16 MiB in which every byte is written as <c>\u00XX</c>, and room for a batch.</summary>
    public const long MostBodyBytes = 256L * 1024 * 1024;

    // A length is a promise: beyond this, room is made for what has come, and not for what is said to come.
    private const int PromisedBytes = Limits.ValueBytes;

    private const int HeadBytes = 16 * 1024;
    private const int MostInterimAnswers = 8;

    private readonly byte[] _buffer = SecretBytes.Allocate(HeadBytes);
    private long _received;
    private int _start;
    private int _end;

    /// <summary>True once a byte has come.</summary>
    public bool HasBegun => _received > 0;

    /// <summary>The next answer.</summary>
    /// <exception cref="InvalidDataException">It is malformed or too large.</exception>
    /// <exception cref="IOException">The connection was lost in the middle of it.</exception>
    public HttpResponse Read()
    {
        for (var interim = 0; ; interim++)
        {
            var headers = ReadHead();
            if (headers.Status >= 200)
                return ReadBody(headers);
            if (headers.Status == 101 || interim == MostInterimAnswers)
                throw new InvalidDataException("the answer never comes to its point");
        }
    }

    private HttpHeaders ReadHead()
    {
        var (searched, head) = (0, -1);
        while ((head = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n\r\n"u8)) < 0)
        {
            searched = Math.Max(0, _end - _start - 3);
            Fill("the answer's head is too large");
        }

        var length = searched + head + 4;
        var headers = HttpHeaders.Parse(_buffer.AsSpan(_start, length));
        _start += length;
        return headers;
    }

    private HttpResponse ReadBody(HttpHeaders headers)
    {
        if (headers.IsChunked)
            return ReadChunks(headers);
        if (headers.ContentLength is not { } length)
            throw new InvalidDataException("the answer does not say how long it is");
        var (body, read) = (SecretBytes.Allocate((int)Math.Min(Bounded(length), PromisedBytes)), 0);
        Append(ref body, ref read, (int)length);
        return new HttpResponse(headers.Status, headers.RetryAfter, headers.KeepsConnection, headers.Server, body, read);
    }

    private HttpResponse ReadChunks(HttpHeaders headers)
    {
        var (body, length) = (SecretBytes.Allocate(HeadBytes), 0);
        while (ChunkSize(ReadLine()) is var size and > 0)
        {
            Bounded(length + size);
            Append(ref body, ref length, (int)size);
            if (ReadLine().Length > 0)
                throw new InvalidDataException("a chunk of the answer is longer than it says");
        }

        // Trailers, which say nothing that we look at.
        while (ReadLine().Length > 0)
        {
        }

        return new HttpResponse(headers.Status, headers.RetryAfter, headers.KeepsConnection, headers.Server, body, length);
    }

    private void Append(ref byte[] body, ref int length, int count)
    {
        for (var end = length + count; length < end;)
        {
            if (length == body.Length)
                body = Larger(body, end);
            var target = body.AsSpan(length, Math.Min(end, body.Length) - length);
            ReadExactly(target);
            length += target.Length;
        }
    }

    private static byte[] Larger(byte[] body, int promised)
    {
        var larger = SecretBytes.Allocate((int)Math.Min(Math.Max(2L * body.Length, Math.Min(promised, PromisedBytes)), MostBodyBytes));
        body.CopyTo(larger, 0);
        SecretBytes.Wipe(body);
        return larger;
    }

    private static long ChunkSize(ReadOnlySpan<byte> line)
    {
        var extension = line.IndexOf((byte)';');
        var digits = (extension < 0 ? line : line[..extension]).TrimEnd(" \t"u8);
        return digits.Length is > 0 and <= 8 && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new InvalidDataException("the answer has a malformed chunk");
    }

    private static long Bounded(long length) =>
        length <= MostBodyBytes ? length : throw new InvalidDataException("the answer is too large: ask for fewer references at once");

    /// <summary>The next line without its end; valid until the next read.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            Fill("the answer has an endless line");
        var line = _buffer.AsSpan(_start, end);
        _start += end + 2;
        return line;
    }

    private void ReadExactly(Span<byte> target)
    {
        var buffered = Math.Min(target.Length, _end - _start);
        var source = _buffer.AsSpan(_start, buffered);
        source.CopyTo(target);
        source.Clear();
        _start += buffered;
        for (target = target[buffered..]; target.Length > 0;)
            target = target[Received(stream.Read(target))..];
    }

    private void Fill(string whenFull)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _buffer.AsSpan(_end - _start, _start).Clear();
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            throw new InvalidDataException(whenFull);
        var count = Received(stream.Read(_buffer.AsSpan(_end)));
        _end += count;
        _received += count;
    }

    private static int Received(int count) => count > 0 ? count : throw new EndOfStreamException("the daemon closed the connection in the middle of its answer");
}
