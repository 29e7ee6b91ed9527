using System.Text;
using Opx.Daemon.Backends.OnePassword;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>What <c>op run -- env -0</c> prints. <c>@</c> in an input stands for the batch's own prefix.</summary>
internal sealed class OpOutputTarget() : Target("op-output", 8)
{
    private static readonly OpReference[] References =
        [.. Enumerable.Range(0, 3).Select(i => OpReference.From(SecretReference.Parse($"op://v/i/{i}", out _)!, i)!)];

    public override byte[] Generate(Choices choices)
    {
        var text = new StringBuilder();
        for (var entries = choices.Between(0, 5); entries > 0; entries--)
        {
            text.Append(choices.Of("@0=", "@1=", "@2=", "@0=", "@3=", "@-1=", "@+1=", "@01=", "@ 1=", "@1", "PATH=", "@", "", "OPX_0=", "@99999999999="));
            text.Append(choices.Of("value", "op://v/i/1", "", "a\n@2=b", "=", Words.Text(choices))).Append(choices.Of("\0", "\0", "\0", "\0", ""));
        }

        return Mutation.Some(Encoding.UTF8.GetBytes(text.ToString()), choices);
    }

    public override void Check(byte[] input)
    {
        var variables = new BatchVariables(References);
        var prefix = variables.Assignments[0].Key[..^1];
        var output = Encoding.Latin1.GetString(input).Replace("@", prefix);
        var plain = Plain(output, prefix);
        var values = variables.Parse(Encoding.Latin1.GetBytes(output));
        try
        {
            Oracle.Same(plain is null, values is null, "whether it is whole");
            for (var i = 0; i < (values?.Length ?? 0); i++)
                Oracle.Same(plain![i], values![i] is { } value ? Encoding.Latin1.GetString(value.Bytes) : null, $"value {i}");
        }
        finally
        {
            foreach (var value in values ?? [])
                value?.Dispose();
        }
    }

    private static string?[]? Plain(string output, string prefix)
    {
        if (!output.EndsWith('\0'))
            return null;
        var values = new string?[References.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // How a number is spelled is nothing to op, which hands on the name that it was given; a leading zero or a sign is harmless.
            var named = output[..^1].Split('\0').Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal) && entry.Contains('=')
                && int.TryParse(entry[prefix.Length..entry.IndexOf('=')], System.Globalization.NumberStyles.AllowLeadingSign, null, out var place) && place == i).ToList();
            var value = named is [var only] ? only[(only.IndexOf('=') + 1)..] : null;
            values[i] = value == References[i].Text ? null : value;
        }

        return values;
    }
}
