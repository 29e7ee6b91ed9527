using System.Text;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Running;

/// <summary>A variable that the user sets: to a reference's value, or to a text as it stands. Exactly one of the two.</summary>
internal sealed record Assignment(string Name, string? Reference, byte[]? Text)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary><c>NAME=REF</c> of the command line: what follows the sign is a reference, with or without a scheme.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static Assignment Parse(string word)
    {
        var equals = word.IndexOf('=');
        if (equals < 0)
            throw new UsageException($"'{Printable.Text(word)}' is not NAME=REF");
        var name = word[..equals];
        if (!VariableName.IsValid(name))
            throw new UsageException($"'{Printable.Text(name)}' cannot be a variable's name");
        return new Assignment(name, word[(equals + 1)..], null);
    }

    /// <summary>A value of an env file: a reference where the whole of it is one, with its scheme; null where it only begins like one, for
    /// nobody writes <c>op://…</c> and means the text.</summary>
    public static Assignment? FromFile(string name, byte[] value, out string why)
    {
        why = "";
        if (WholeReference(value) is { } reference)
            return new Assignment(name, reference, null);
        var text = Encoding.UTF8.GetString(value);
        if (!SecretReference.HasScheme(text))
            return new Assignment(name, null, value);
        SecretReference.Parse(text, out why);
        return null;
    }

    /// <summary>The reference that a text is from its first to its last byte, or null.</summary>
    public static string? WholeReference(ReadOnlySpan<byte> value)
    {
        if (value.Length > Limits.ReferenceBytes || value.IndexOf("://"u8) < 0)
            return null;
        try
        {
            var text = Strict.GetString(value);
            return SecretReference.Parse(text, out _) is { Scheme: not ReferenceScheme.None } ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One assignment a name, the last; in the order in which the names first appear.</summary>
    public static IReadOnlyList<Assignment> LastOfEach(IEnumerable<Assignment> assignments)
    {
        var last = new List<Assignment>();
        var places = new Dictionary<string, int>();
        foreach (var assignment in assignments)
        {
            if (places.TryAdd(assignment.Name, last.Count))
                last.Add(assignment);
            else
                last[places[assignment.Name]] = assignment;
        }

        return last;
    }
}
