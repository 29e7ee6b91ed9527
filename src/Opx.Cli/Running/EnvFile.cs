using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>A variable of an env file, and the line it begins on.</summary>
internal readonly record struct EnvFileLine(string Name, byte[] Value, int Line);

/// <summary>
/// Env files, by the rules that <c>op run</c> documents (developer.1password.com, "Environment file syntax rules"), on bytes:
/// <c>NAME=value</c> with blanks around both; <c>export</c> before it; <c>#</c> comments, after a blank also behind a value; values over
/// several lines in quotes; single quotes keep everything; elsewhere <c>$NAME</c> and <c>${NAME}</c> stand for an earlier line's value or
/// the environment's (nothing where there is none) and <c>\</c> takes the meaning from what follows. Anything else is an error, with file
/// and line.
/// </summary>
internal ref struct EnvFile
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly string _file;
    private readonly EnvFileValues _values;
    private int _at;
    private int _line = 1;

    private EnvFile(ReadOnlySpan<byte> text, string file, Func<string, byte[]?> lookUp)
    {
        _text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        _file = file;
        _values = new EnvFileValues(lookUp);
    }

    /// <param name="file">For messages.</param>
    /// <param name="lookUp">A variable's value where no line before has set it; null for an unset one.</param>
    /// <exception cref="FailureException">The first malformed line, or the first that is too much.</exception>
    public static IReadOnlyList<EnvFileLine> Parse(ReadOnlySpan<byte> text, string file, Func<string, byte[]?> lookUp)
    {
        var parser = new EnvFile(text, file, lookUp);
        while (parser.Skip())
            parser.Statement();
        return parser._values.Lines;
    }

    private readonly byte Here => _at < _text.Length ? _text[_at] : (byte)'\n';

    private readonly bool IsAtLineEnd => Here == '\n' || (Here == '\r' && (_at + 1 >= _text.Length || _text[_at + 1] == '\n'));

    /// <summary>To the next statement; false at the end.</summary>
    private bool Skip()
    {
        while (_at < _text.Length)
        {
            Blanks();
            if (Here == '#')
                Comment();
            if (!IsAtLineEnd)
                return true;
            LineEnd();
        }

        return false;
    }

    private void Statement()
    {
        var name = Name();
        if (name == "export" && Here is (byte)' ' or (byte)'\t')
        {
            Blanks();
            if (Here != '=')
                name = Name();
        }

        Blanks();
        if (Here != '=' || _at >= _text.Length)
            throw Fault($"'{Printable.Text(name, 64)}' is not followed by '='");
        _at++;
        Blanks();
        var line = _line;
        var value = Here switch
        {
            (byte)'\'' => SingleQuoted(),
            (byte)'"' => DoubleQuoted(),
            _ => Plain(),
        };
        if (value.Contains((byte)0))
            throw Fault($"the value of {Printable.Text(name, 64)} holds a NUL byte, which no variable can");
        if (_values.Add(new EnvFileLine(name, value, line)) is { } tooMuch)
            throw Fault(tooMuch, line);
    }

    private string Name()
    {
        var start = _at;
        while (_at < _text.Length && VariableName.IsPart((char)_text[_at]))
            _at++;
        if (_at == start || !VariableName.IsStart((char)_text[start]))
            throw Fault("expected NAME=value; a name is letters, digits and '_', not starting with a digit");
        return Encoding.ASCII.GetString(_text[start.._at]);
    }

    private byte[] SingleQuoted()
    {
        var (opened, value) = (_line, new List<byte>());
        for (_at++; Here != '\'' || _at >= _text.Length; Take(value))
            EndOfQuote(opened);
        return Closed(value);
    }

    private byte[] DoubleQuoted()
    {
        var (opened, value) = (_line, new List<byte>());
        for (_at++; Here != '"' || _at >= _text.Length;)
        {
            EndOfQuote(opened);
            if (Here == '\\')
                Escape(value);
            else if (Here == '$')
                Expand(value);
            else
                Take(value);
        }

        return Closed(value);
    }

    private byte[] Plain()
    {
        var (value, kept) = (new List<byte>(), 0);
        for (var isBlank = _text[_at - 1] != '='; !IsAtLineEnd;)
        {
            // A comment needs a blank before it: '#' is a part of vault://path#key.
            if (Here == '#' && isBlank)
            {
                Comment();
                break;
            }

            isBlank = Here is (byte)' ' or (byte)'\t';
            if (Here == '\\' && _at + 1 < _text.Length && "$#\\\"'` "u8.Contains(_text[_at + 1]))
            {
                _at++;
                Take(value);
            }
            else if (Here == '$')
            {
                Expand(value);
            }
            else
            {
                Take(value);
            }

            // Blanks count only where something follows them.
            kept = isBlank ? kept : value.Count;
        }

        return [.. value[..kept]];
    }

    /// <summary>A backslash in double quotes. One that means nothing stays: it is part of a Windows path or a regular expression.</summary>
    private void Escape(List<byte> value)
    {
        _at++;
        var meant = Here switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'"' or (byte)'\'' or (byte)'\\' or (byte)'$' or (byte)'`' => Here,
            _ => (byte)0,
        };
        value.Add(meant == 0 ? (byte)'\\' : meant);
        if (meant != 0)
            _at++;
    }

    private void Expand(List<byte> value)
    {
        var inBraces = _at + 1 < _text.Length && _text[_at + 1] == '{';
        var start = _at + (inBraces ? 2 : 1);
        var end = start;
        while (end < _text.Length && (end == start ? VariableName.IsStart((char)_text[end]) : VariableName.IsPart((char)_text[end])))
            end++;
        if (inBraces && (end == start || end >= _text.Length || _text[end] != '}'))
            throw Fault("of '${…}' only ${NAME} is known; write \\$ for a dollar sign");
        if (end == start)
        {
            Take(value);
            return;
        }

        var name = Encoding.ASCII.GetString(_text[start..end]);
        var meant = _values.Of(name);
        if (EnvFileValues.Excess(value.Count + meant.Length) is { } tooMuch)
            throw Fault(tooMuch);
        value.AddRange(meant);
        _at = inBraces ? end + 1 : end;
    }

    /// <summary>After the closing quote only a comment may follow.</summary>
    private byte[] Closed(List<byte> value)
    {
        _at++;
        var end = _at;
        Blanks();
        if (Here == '#' && _at > end)
            Comment();
        return IsAtLineEnd ? [.. value] : throw Fault("something follows the closing quote");
    }

    private readonly void EndOfQuote(int opened)
    {
        if (_at >= _text.Length)
            throw Fault("the quote that opens here is never closed", opened);
    }

    /// <summary>One byte; a line's end of two is one newline.</summary>
    private void Take(List<byte> value)
    {
        if (Here == '\r' && _at + 1 < _text.Length && _text[_at + 1] == '\n')
            _at++;
        if (Here == '\n')
            _line++;
        value.Add(Here);
        _at++;
    }

    private void Blanks()
    {
        while (_at < _text.Length && Here is (byte)' ' or (byte)'\t')
            _at++;
    }

    private void Comment()
    {
        while (_at < _text.Length && Here != '\n')
            _at++;
    }

    private void LineEnd()
    {
        if (Here == '\r')
            _at++;
        _at++;
        _line++;
    }

    private readonly FailureException Fault(string what, int line = 0) =>
        new(ExitCode.Usage, $"{Printable.Text(_file)}:{(line > 0 ? line : _line)}: {what}");
}
