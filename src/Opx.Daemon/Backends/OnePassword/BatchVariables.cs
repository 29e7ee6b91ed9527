using System.Security.Cryptography;
using System.Text;
using Opx.Daemon.Secrets;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// The variables that carry a batch through <c>op run -- env -0</c>, and the reader of what comes back. Their names hold a random number of
/// this batch, so that nothing in a value or in the daemon's environment can pass for one of them.
/// </summary>
internal sealed class BatchVariables
{
    private readonly IReadOnlyList<OpReference> _references;
    private readonly string _prefix;

    public BatchVariables(IReadOnlyList<OpReference> references)
    {
        _references = references;
        _prefix = $"OPX_{RandomNumberGenerator.GetHexString(16)}_";
        Assignments = [.. references.Select((reference, place) => KeyValuePair.Create(_prefix + place, reference.Text))];
    }

    public IReadOnlyList<KeyValuePair<string, string>> Assignments { get; }

    /// <summary>
    /// The values in the order of the references, null for one that did not come back resolved. Null altogether where the output does not
    /// end with the NUL that <c>env -0</c> always writes: then its last value may be a shorter one than the real.
    /// </summary>
    public SecretValue?[]? Parse(ReadOnlySpan<byte> output)
    {
        if (output.IsEmpty || output[^1] != 0)
            return null;
        var values = new SecretValue?[_references.Count];
        var seen = new bool[values.Length];
        var prefix = Encoding.ASCII.GetBytes(_prefix);
        for (var rest = output; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)0);
            var entry = rest[..end];
            rest = rest[(end + 1)..];
            if (Place(entry, prefix, out var value) is not { } place || place >= values.Length)
                continue;
            values[place]?.Dispose();
            // A name that stands there twice is nobody's: which of the two would be right?
            values[place] = seen[place] || _references[place].IsEchoedBy(value) ? null : SecretValue.CopyOf(value);
            seen[place] = true;
        }

        return values;
    }

    private static int? Place(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!entry.StartsWith(prefix) || entry.IndexOf((byte)'=') is not (>= 0 and var equals))
            return null;
        value = entry[(equals + 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(entry[prefix.Length..equals], out int place, out var used)
            && used == equals - prefix.Length && place >= 0
            ? place
            : null;
    }
}
