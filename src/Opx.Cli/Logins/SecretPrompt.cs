using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Logins;

/// <summary>
/// Asks a question on standard error and takes the answer from the terminal, letter by letter: what is typed is neither shown nor kept by the terminal's
/// line editor. Ctrl-C comes as a letter too, so that nobody is left with a terminal that shows nothing.
/// </summary>
internal static class SecretPrompt
{
    private const byte Interrupt = 3;
    private const byte EndOfInput = 4;
    private const byte Backspace = 8;
    private const byte EraseLine = 21;
    private const byte Delete = 127;

    /// <summary>The answer, to be wiped. The end of input is an empty one.</summary>
    /// <exception cref="FailureException">Ctrl-C.</exception>
    public static byte[] Ask(string question, bool isShown)
    {
        Messages.Raw(question);
        var line = new SecretLine(Limits.CredentialBytes);
        try
        {
            using var modes = TerminalModes.LetterByLetter(StandardStreams.Input, isShown);
            var letter = new byte[1];
            while (SecretInput.Next(letter) == 1)
            {
                if (letter[0] is (byte)'\n' or (byte)'\r' or EndOfInput)
                    break;
                if (letter[0] == Interrupt)
                    throw new FailureException(130, "interrupted: nothing was tried");
                Take(line, letter[0], isShown);
                letter[0] = 0;
            }

            return line.ToArray();
        }
        finally
        {
            line.Wipe();
            Messages.Raw("\n");
        }
    }

    internal static void Take(SecretLine line, byte letter, bool isShown)
    {
        switch (letter)
        {
            case Backspace or Delete:
                var removed = line.RemoveLetter();
                if (isShown && removed)
                    Messages.Raw("\b \b");
                break;
            case EraseLine:
                while (line.RemoveLetter())
                {
                    if (isShown)
                        Messages.Raw("\b \b");
                }

                break;
            default:
                line.Add(letter);
                break;
        }
    }
}

/// <summary>A line as it is typed, in memory that does not move.</summary>
internal sealed class SecretLine(int most)
{
    private readonly byte[] _bytes = SecretBytes.Allocate(most + 1);
    private int _length;

    public void Add(byte letter)
    {
        if (_length < _bytes.Length)
            _bytes[_length++] = letter;
    }

    /// <summary>Takes a whole UTF-8 letter back.</summary>
    public bool RemoveLetter()
    {
        if (_length == 0)
            return false;
        while (_length > 0 && (_bytes[--_length] & 0xc0) == 0x80)
        {
        }

        return true;
    }

    public byte[] ToArray()
    {
        var line = SecretBytes.Allocate(_length);
        _bytes.AsSpan(0, _length).CopyTo(line);
        return line;
    }

    public void Wipe() => SecretBytes.Wipe(_bytes);
}
