using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>The environment of a child: the inherited entries byte for byte and in their order, with the variables that are set in their
/// places.</summary>
internal sealed class ChildEnvironment(IReadOnlyList<byte[]> inherited)
{
    // Linux: MAX_ARG_STRLEN, 32 pages, with NAME= and the final NUL. macOS has no such limit of its own, but a total that is hardly larger.
    private const int LargestEntry = 128 * 1024;

    private readonly List<byte[]?> _entries = [.. inherited];

    /// <summary>An inherited variable's value.</summary>
    public static byte[]? Value(IReadOnlyList<byte[]> entries, string name)
    {
        var prefix = Encoding.ASCII.GetBytes(name + "=");
        foreach (var entry in entries)
        {
            if (entry.AsSpan().StartsWith(prefix))
                return entry[prefix.Length..];
        }

        return null;
    }

    /// <summary>The inherited variables whose whole value is a reference.</summary>
    /// <param name="expand">What to make of a reference with variables in it, for <c>op run</c>; nothing where it is not given.</param>
    public static IEnumerable<Assignment> References(IReadOnlyList<byte[]> inherited, Func<string, string>? expand = null)
    {
        foreach (var entry in inherited)
        {
            var equals = entry.AsSpan().IndexOf((byte)'=');
            if (equals <= 0)
                continue;
            var value = entry.AsSpan(equals + 1);
            if (expand is not null && value.StartsWith("op://"u8) && value.Contains((byte)'$'))
                value = Encoding.UTF8.GetBytes(expand(Encoding.UTF8.GetString(value)));
            if (Assignment.WholeReference(value) is { } reference)
                yield return new Assignment(Encoding.Latin1.GetString(entry, 0, equals), reference, null);
        }
    }

    /// <summary>Sets a variable in its first place; a second entry of the same name would be another value to some programs.</summary>
    /// <exception cref="FailureException">No variable can hold the value.</exception>
    public void Set(string name, ReadOnlySpan<byte> value)
    {
        // Names of inherited variables may be any bytes: Latin-1 takes them there and back.
        var prefix = Encoding.Latin1.GetBytes(name + "=");
        if (value.Contains((byte)0))
            throw Unfit(name, "holds a NUL byte, which no variable can");
        if (prefix.Length + value.Length + 1 > LargestEntry)
            throw Unfit(name, "is larger than the 128 KiB that the system passes in one variable");
        var entry = SecretBytes.Allocate(prefix.Length + value.Length);
        prefix.CopyTo(entry, 0);
        value.CopyTo(entry.AsSpan(prefix.Length));

        var place = -1;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i] is not { } other || !other.AsSpan().StartsWith(prefix))
                continue;
            _entries[i] = place < 0 ? entry : null;
            place = place < 0 ? i : place;
        }

        if (place < 0)
            _entries.Add(entry);
    }

    public IReadOnlyList<byte[]> Entries => [.. _entries.OfType<byte[]>()];

    private static FailureException Unfit(string name, string why) =>
        new(ExitCode.Failed,
            $"the value of {Printable.Text(name)} {why}: write it to a file with 'opx read -o FILE REF' and pass the name");
}
