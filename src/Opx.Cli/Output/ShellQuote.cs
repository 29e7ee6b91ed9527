using System.Buffers;

namespace Opx.Cli.Output;

/// <summary>
/// Quoting that every Bourne-like shell reads the same way: single quotes, in which no byte but the single quote means anything. One
/// inside is written as <c>'\''</c>.
/// </summary>
internal static class ShellQuote
{
    public static void Write(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> to)
    {
        to.Write("'"u8);
        while (value.IndexOf((byte)'\'') is var quote and >= 0)
        {
            to.Write(value[..quote]);
            to.Write("'\\''"u8);
            value = value[(quote + 1)..];
        }

        to.Write(value);
        to.Write("'"u8);
    }
}
