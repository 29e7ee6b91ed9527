using System.Text;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Generating;

/// <summary>
/// Makes JSON of a form that a reader wants, and in two of three documents departs from it in places: members left out, twice, unknown or of
/// another type, odd spelling of strings, white space.
/// </summary>
internal sealed class JsonMaker(Choices choices)
{
    private readonly StringBuilder _text = new();
    private readonly bool _isTame = choices.Below(3) == 0;

    public static byte[] Document(Choices choices, Action<JsonMaker> make)
    {
        var maker = new JsonMaker(choices);
        make(maker);
        var bytes = Encoding.UTF8.GetBytes(maker._text.ToString());
        return maker._isTame ? bytes : Mutation.Some(bytes, choices);
    }

    public void Object(params ReadOnlySpan<(string Name, Action Value)> members)
    {
        _text.Append('{');
        var isFirst = true;
        foreach (var (name, value) in members)
        {
            for (var times = Odd(6) ? choices.Of(0, 2) : 1; times > 0; times--)
                Member(Odd(2) ? Words.Text(choices) : name, Odd(4) ? () => Any(2) : value, ref isFirst);
        }

        if (Odd(3))
            Member(Words.Text(choices), () => Any(2), ref isFirst);
        Space();
        _text.Append('}');
    }

    public void Array(int most, Action each)
    {
        _text.Append('[');
        for (var count = choices.Between(0, most); count > 0; count--)
        {
            Space();
            if (Odd(3))
                Any(1);
            else
                each();
            if (count > 1)
                _text.Append(',');
        }

        _text.Append(']');
    }

    public void String(string text)
    {
        _text.Append('"');
        foreach (var letter in text)
        {
            if (letter is '"' or '\\' || letter < ' ')
                _text.Append($"\\u{(int)letter:x4}");
            else if (Odd(3))
                _text.Append(choices.Of($"\\u{(int)letter:X4}", $"{letter}\\/", $"{letter}\\n", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000"));
            else
                _text.Append(letter);
        }

        _text.Append('"');
    }

    public void Number(long number) => _text.Append(Odd(8) ? choices.Of("-0", "1.0", "1e3", "-1", "99999999999999999999", "4294967296", "2147483648", "01", "+1") : number.ToString());

    public void Literal(string text) => _text.Append(text);

    public void Boolean() => _text.Append(choices.Of("true", "false"));

    /// <summary>Any JSON value, mostly shallow.</summary>
    public void Any(int depth)
    {
        switch (choices.Below(depth > 0 ? 9 : 6))
        {
            case 0: Literal("null"); break;
            case 1: Boolean(); break;
            case 2: Number(choices.Below(2_000)); break;
            case 3 or 4: String(Words.Text(choices)); break;
            case 5: Literal(choices.Of("{}", "[]", "[[[[[[[[[[]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}", "// x\n1", "1,", "'x'", "")); break;
            case 6: Array(3, () => Any(depth - 1)); break;
            default: Object((Words.Text(choices), () => Any(depth - 1)), (Words.Text(choices), () => Any(depth - 1))); break;
        }
    }

    private void Member(string name, Action value, ref bool isFirst)
    {
        if (!isFirst)
            _text.Append(',');
        isFirst = false;
        Space();
        String(name);
        _text.Append(':');
        // Not before a secret: IsOnlyValueIn looks at what stands before it.
        value();
    }

    private void Space()
    {
        if (Odd(5))
            _text.Append(choices.Of(" ", "\n", "\t", "\r\n", "  \n ", "\u00a0", "/**/"));
    }

    private bool Odd(int percent) => !_isTame && choices.Chance(percent);
}
