using System.Text.Json;
using Opx.Protocol;

namespace Opx.Daemon.Options;

/// <summary>Walks through <c>config.json</c> and knows at each value what to call it in an error: file, line and path of members.</summary>
internal ref struct ConfigurationReader
{
    private readonly ReadOnlySpan<byte> _content;
    private readonly string _path;
    private readonly Stack<(string Name, HashSet<string> Seen)> _objects = new();
    private Utf8JsonReader _reader;
    private string _member = "";

    public ConfigurationReader(ReadOnlySpan<byte> content, string path)
    {
        _content = content;
        _path = path;
        _reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        _reader.Read();
        BeginObject();
    }

    /// <summary>File, line and member of the value that the reader stands on.</summary>
    public readonly string Culprit
    {
        get
        {
            var line = _content[..(int)_reader.TokenStartIndex].Count((byte)'\n') + 1;
            var names = string.Join(".", _objects.Reverse().Select(o => o.Name).Append(_member).Where(name => name.Length > 0));
            return $"{Printable.Text(_path)}, line {line}: '{Printable.Text(names, 64)}'";
        }
    }

    public void BeginObject()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Wrong("must be an object");
        _objects.Push((_member, []));
        _member = "";
    }

    /// <summary>The next member of the current object, or null at its end.</summary>
    public string? NextMember()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            _member = _objects.Pop().Name;
            return null;
        }

        _member = _reader.GetString()!;
        if (!_objects.Peek().Seen.Add(_member))
            throw Wrong("appears twice");
        _reader.Read();
        return _member;
    }

    /// <summary>After the outermost object nothing may follow.</summary>
    public void End()
    {
        if (_reader.Read())
            throw new JsonException();
    }

    public string String() => _reader.TokenType == JsonTokenType.String ? _reader.GetString()! : throw Wrong("must be a string");

    public string AbsolutePath() => String() is var path && IsAbsolute(path) ? path : throw Wrong("must be an absolute path");

    public IReadOnlyList<string> AbsolutePaths()
    {
        const string wanted = "must be a list of absolute paths";
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Wrong(wanted);
        var paths = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            paths.Add(_reader.TokenType == JsonTokenType.String && IsAbsolute(_reader.GetString()!) ? _reader.GetString()! : throw Wrong(wanted));
        return paths;
    }

    public bool Boolean() => _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? _reader.GetBoolean() : throw Wrong("must be true or false");

    public long Number(long least, long most) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"must be a whole number from {least} to {most}");

    /// <summary>
    /// A duration: a text such as <c>"8h"</c>, or a number. The Go version wrote nanoseconds; a number too small to be that (under a
    /// millisecond) counts in the unit of the command line's option, because that is what a person means who writes it.
    /// </summary>
    public TimeSpan Duration(TimeSpan unitOfOption)
    {
        const long millisecond = 1_000_000;
        const string wanted = "must be a duration such as \"90s\", \"15m\" or \"8h\"";
        if (_reader.TokenType == JsonTokenType.String)
            return Bounded(Protocol.Duration.Parse(_reader.GetString()!) ?? throw Wrong(wanted));
        if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var number) || number < 0)
            throw Wrong(wanted);
        if (number >= millisecond)
            return Bounded(TimeSpan.FromTicks(number / 100));
        return number <= OptionValues.LongestDuration / unitOfOption ? unitOfOption * number : throw Wrong("is too long");
    }

    // A name with a NUL in it is no file's.
    private static bool IsAbsolute(string path) => Path.IsPathRooted(path) && !path.Contains('\0');

    private readonly TimeSpan Bounded(TimeSpan duration) => duration <= OptionValues.LongestDuration ? duration : throw Wrong("is too long");

    public readonly OptionsException Unknown(string member)
    {
        _ = member;
        return Wrong("is not known");
    }

    private readonly OptionsException Wrong(string what) => new($"{Culprit} {what}");
}
