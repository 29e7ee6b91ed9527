using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Opx.Protocol;

namespace Opx.Policy.Loading;

/// <summary>Walks through the file and knows at each value its line. Whatever two readers of JSON could understand differently is a
/// fault: a rule that is read in another way than it was meant protects nothing.</summary>
internal ref struct StrictReader
{
    private readonly ReadOnlySpan<byte> _content;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;

    public StrictReader(ReadOnlySpan<byte> content)
    {
        _content = content;
        if (!Utf8.IsValid(content))
            throw new PolicyFaultException(LineOfBadText(content), "is not UTF-8");
        if (content.StartsWith("\ufeff"u8))
            throw new PolicyFaultException(1, "starts with a byte order mark: save it as plain UTF-8");
        _reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        Next();
    }

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Where the current token begins and ends, in bytes.</summary>
    public readonly int Start => (int)_reader.TokenStartIndex;

    public readonly int End => (int)_reader.BytesConsumed;

    /// <summary>The current token's line, from 1.</summary>
    public int Line
    {
        get
        {
            _line += _content[_counted..Start].Count((byte)'\n');
            _counted = Start;
            return _line;
        }
    }

    public PolicyFaultException Fault(string reason) => new(Line, reason);

    /// <summary>The next token; false behind the last.</summary>
    public bool Next()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException error)
        {
            // The reader's own message quotes the content.
            var line = (int)(error.LineNumber ?? 0) + 1;
            var isTooDeep = _reader.CurrentDepth >= Limits.JsonDepth;
            throw new PolicyFaultException(line, isTooDeep ? "is nested too deeply" : "is not valid JSON here");
        }
    }

    /// <summary>The next member of an object, or null at its end; the reader then stands on the member's value.</summary>
    public string? NextMember(HashSet<string> seen)
    {
        Next();
        if (Token == JsonTokenType.EndObject)
            return null;
        var member = Text("a member's name");
        if (!seen.Add(member))
            throw Fault($"'{Shown(member)}' appears twice");
        Next();
        return member;
    }

    public string String(string member) =>
        Token == JsonTokenType.String ? Text($"'{member}'") : throw Fault($"'{member}' must be a string");

    public bool Boolean(string member) => Token switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Fault($"'{member}' must be true or false"),
    };

    public uint Number(string member, uint least, uint most) =>
        Token == JsonTokenType.Number && _reader.TryGetUInt32(out var number) && number >= least && number <= most
            ? number
            : throw Fault($"'{member}' must be a whole number from {least} to {most}");

    public static string Shown(string text) => Printable.Text(text, 64);

    private string Text(string what)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // "\ud800": UTF-8 as bytes, and yet no text.
            throw Fault($"{what} holds half of a surrogate pair");
        }
    }

    private static int LineOfBadText(ReadOnlySpan<byte> content)
    {
        var line = 1;
        var rest = content;
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            rest = rest[length..];
        }

        return line;
    }
}
