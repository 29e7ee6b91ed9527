using System.Buffers;
using System.Diagnostics;
using System.Text;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Output;

public sealed class ShellQuoteTests
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("'", "''\\'''")]
    [InlineData("$(x)`y`\\\"!", "'$(x)`y`\\\"!'")]
    public void A_text_is_quoted(string text, string quoted) =>
        Assert.Equal(quoted, Encoding.UTF8.GetString(Quote(Encoding.UTF8.GetBytes(text))));

    /// <summary>The shells that are installed; sh is everywhere.</summary>
    public static TheoryData<string> Shells =>
        [.. new[] { "/bin/sh", "/bin/dash", "/bin/bash", "/bin/zsh", "/bin/ksh" }.Where(File.Exists)];

    [Theory]
    [MemberData(nameof(Shells))]
    public void Eval_gives_back_every_byte(string shell)
    {
        var random = new Random(4711);
        var awkward = "'\\\"$`!\n \u007f\u0001"u8.ToArray();
        List<byte[]> values =
            [[.. Enumerable.Range(1, 255).Select(value => (byte)value)], "'''"u8.ToArray(), "\n\n"u8.ToArray(), "\r\n\\"u8.ToArray(), []];
        for (var i = 0; i < 40; i++)
        {
            var value = new byte[random.Next(1, 300)];
            for (var at = 0; at < value.Length; at++)
                value[at] = random.Next(3) == 0 ? awkward[random.Next(awkward.Length)] : (byte)random.Next(1, 256);
            values.Add(value);
        }

        Assert.Equal(values, values.Select(value => Evaluated(shell, value)));
    }

    /// <summary>What <c>eval "$(cat FILE)"; printf %s "$A"</c> prints for a file with our assignment.</summary>
    private static byte[] Evaluated(string shell, byte[] value)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. "A="u8, .. Quote(value), (byte)'\n']);
            var start = new ProcessStartInfo(shell, ["-c", "eval \"$(cat \"$1\")\"; printf %s \"$A\"", shell, file])
            { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            return output.ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Quote(byte[] value)
    {
        var to = new ArrayBufferWriter<byte>();
        ShellQuote.Write(value, to);
        return to.WrittenSpan.ToArray();
    }
}
