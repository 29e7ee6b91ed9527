using System.Runtime.InteropServices;
using System.Text.Unicode;
using Opx.Protocol.Interop;

namespace Opx.Cli.Running;

/// <summary>
/// Arguments and environment as bytes. .NET decodes both to UTF-16, and what is not UTF-8 does not survive that; a child has to get the
/// very bytes.
/// </summary>
internal static partial class NativeProcess
{
    /// <summary>By what name this program was called.</summary>
    public static byte[] FirstArgument() => OperatingSystem.IsMacOS() ? ArgumentsMacOS()[0] : ArgumentsLinux()[0];

    /// <summary>The last words of the command line.</summary>
    public static byte[][] LastArguments(int count)
    {
        var all = OperatingSystem.IsMacOS() ? ArgumentsMacOS() : ArgumentsLinux();
        return all[^count..];
    }

    /// <summary>The first word of ours that is not UTF-8, as far as it can be shown; null where all are. Behind <c>--</c> the words are a child's.</summary>
    /// <param name="words">All of the command line's.</param>
    public static string? Undecodable(string[] words)
    {
        // .NET puts this sign in the place of each such byte; but it may have been meant.
        for (var i = 0; i < words.Length && words[i] != "--"; i++)
        {
            if (words[i].Contains('\uFFFD') && !Utf8.IsValid(LastArguments(words.Length)[i]))
                return words[i];
        }

        return null;
    }

    /// <summary>The environment's entries, in order, whether or not they look like <c>NAME=value</c>.</summary>
    public static unsafe byte[][] Environment() => Strings(NativeEnvironment.Pointer());

    // The kernel's own record of the words, each ended by a NUL.
    private static byte[][] ArgumentsLinux()
    {
        var record = File.ReadAllBytes("/proc/self/cmdline").AsSpan();
        var words = new List<byte[]>();
        while (record.IndexOf((byte)0) is var end and >= 0)
        {
            words.Add(record[..end].ToArray());
            record = record[(end + 1)..];
        }

        return [.. words];
    }

    private static unsafe byte[][] Strings(byte** entries)
    {
        var strings = new List<byte[]>();
        for (; entries is not null && *entries is not null; entries++)
            strings.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entries).ToArray());
        return [.. strings];
    }
}
