using System.Runtime.InteropServices;
using System.Text;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol.Interop;

namespace Opx.Cli.Policies;

/// <summary>The person at the other end, where there is one.</summary>
/// <param name="CanAsk">Questions are seen and can be answered.</param>
/// <param name="HasColor">Standard output is a terminal and nobody said <c>NO_COLOR</c>.</param>
internal sealed partial record Terminal(bool CanAsk, bool HasColor)
{
    private const int LongestAnswer = 1_024;

    public static Terminal Of(Surroundings around) => new(
        IsTerminal(StandardStreams.Input) == 1 && IsTerminal(StandardStreams.Error) == 1,
        IsTerminal(StandardStreams.Output) == 1 && around.NonEmpty("NO_COLOR") is null && around.Variable("TERM") != "dumb");

    /// <summary>Asks on standard error, and is told yes or no; the end of input is no.</summary>
    public static bool Confirm(string question)
    {
        Messages.Raw($"{question} [y/N] ");
        return ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>One line of standard input, without its end; null where the input ends before it.</summary>
    public static string? ReadLine()
    {
        var (line, letter) = (new List<byte>(), new byte[1]);
        while (line.Count < LongestAnswer)
        {
            var read = Read(StandardStreams.Input, letter, 1);
            if (read == 1 && letter[0] != (byte)'\n')
                line.Add(letter[0]);
            else if (read == 1)
                break;
            else if (read == 0 && line.Count == 0)
                return null;
            else if (read == 0)
                break;
            else if (Marshal.GetLastPInvokeError() == Errno.WouldBlock)
                Descriptor.Wait(StandardStreams.Input, Descriptor.Readable, -1);
            else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                return null;
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);

    // A byte at a time: what follows the line is another's.
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, [Out] byte[] bytes, nuint count);
}
