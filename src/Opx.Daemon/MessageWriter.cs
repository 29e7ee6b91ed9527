using System.Text;

namespace Opx.Daemon;

/// <summary>
/// Where the daemon's messages go. One that cannot be written is lost: they lie on the very disk that is full when there is most to say, and
/// whoever says something, a timer for one, must not end for it.
/// </summary>
internal sealed class MessageWriter(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Try(value, static (output, value) => output.Write(value));

    public override void Write(string? value) => Try(value, static (output, value) => output.Write(value));

    public override void WriteLine(string? value) => Try(value, static (output, value) => output.WriteLine(value));

    private void Try<T>(T value, Action<TextWriter, T> write)
    {
        try
        {
            write(output, value);
        }
        // The last is what .NET makes of EFBIG.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // Nobody is left to be told.
        }
    }
}
