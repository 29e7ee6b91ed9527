using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Opx.Protocol;

/// <summary>
/// Leaves plain ASCII as it is and escapes the rest. For the bodies of requests: the encoders that come with JSON begin by making tables for all of
/// Unicode, a sixtieth of a client's life.
/// </summary>
internal sealed unsafe class AsciiJson : JavaScriptEncoder
{
    private const int UnitLength = 6;

    public override int MaxOutputCharactersPerInputCharacter => UnitLength;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\' or > '~';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var i = 0; i < textLength; i++)
        {
            if (WillEncode(text[i]))
                return i;
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> units = stackalloc char[2];
        var count = new Rune(unicodeScalar).EncodeToUtf16(units);
        numberOfCharactersWritten = 0;
        if (bufferLength < count * UnitLength)
            return false;
        foreach (var unit in units[..count])
        {
            var at = new Span<char>(buffer + numberOfCharactersWritten, UnitLength);
            "\\u".CopyTo(at);
            ((int)unit).TryFormat(at[2..], out _, "x4", CultureInfo.InvariantCulture);
            numberOfCharactersWritten += UnitLength;
        }

        return true;
    }
}
