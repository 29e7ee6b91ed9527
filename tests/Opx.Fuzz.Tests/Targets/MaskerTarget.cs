using System.Text;
using Opx.Cli.DropIn;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>A stream in which secrets are concealed: the first line of an input has the secrets, what follows is the stream. However it is cut, the outcome
/// is that of one look at the whole of it.</summary>
internal sealed class MaskerTarget() : Target("masker", 5)
{
    public override byte[] Generate(Choices choices)
    {
        string Letters(int most)
        {
            var text = "";
            for (var count = choices.Between(0, most); count > 0; count--)
                text += choices.Of("a", "b", "ab", "\0");
            return text;
        }

        return Mutation.Some(Encoding.UTF8.GetBytes($"{Letters(3)},{Letters(6)},{Letters(4)}\n{Letters(40)}"), choices);
    }

    public override void Check(byte[] input)
    {
        var line = Math.Max(0, input.AsSpan().IndexOf((byte)'\n'));
        byte[][] secrets = [.. Encoding.Latin1.GetString(input, 0, line).Split(',').Select(Encoding.Latin1.GetBytes)];
        var stream = input.AsSpan(Math.Min(line + 1, input.Length));
        var plain = Plain(secrets, stream);
        foreach (var size in (int[])[1, 3, 7, Math.Max(1, stream.Length)])
        {
            var written = new List<byte>();
            var masker = new Masker(secrets, bytes => written.AddRange(bytes));
            for (var at = 0; at < stream.Length; at += size)
                masker.Push(stream.Slice(at, Math.Min(size, stream.Length - at)));
            masker.End();
            Oracle.SameBytes(plain, [.. written], $"the stream in pieces of {size}");
        }
    }

    private static byte[] Plain(byte[][] secrets, ReadOnlySpan<byte> stream)
    {
        var plain = new List<byte>();
        while (!stream.IsEmpty)
        {
            var longest = 0;
            foreach (var secret in secrets)
                longest = stream.StartsWith(secret) ? Math.Max(longest, secret.Length) : longest;
            plain.AddRange(longest > 0 ? Masker.Mask : stream[..1]);
            stream = stream[Math.Max(longest, 1)..];
        }

        return [.. plain];
    }
}
