namespace Opx.Cli.Running;

/// <summary>
/// What an env file has set so far, bounded: a line that holds an earlier one twice doubles it, and forty such lines would be a tebibyte. No program can be
/// given a variable of more than 128 KiB on Linux, so nothing that is of use comes near.
/// </summary>
internal sealed class EnvFileValues(Func<string, byte[]?> lookUp)
{
    /// <summary>Of all the values that a file sets.</summary>
    public const int MostBytes = InputFile.MostBytes;

    /// <summary>Of one value.</summary>
    public const int MostValueBytes = 1024 * 1024;

    private readonly Dictionary<string, byte[]> _values = [];
    private readonly List<EnvFileLine> _lines = [];
    private long _bytes;

    public IReadOnlyList<EnvFileLine> Lines => _lines;

    /// <returns>Nothing where no line before and nothing around has set it.</returns>
    public ReadOnlySpan<byte> Of(string name) => _values.TryGetValue(name, out var value) ? value : lookUp(name);

    /// <returns>What is too much; null where nothing is.</returns>
    public string? Add(EnvFileLine line)
    {
        _bytes += line.Value.Length;
        _lines.Add(line);
        _values[line.Name] = line.Value;
        return Excess(line.Value.Length)
            ?? (_bytes <= MostBytes ? null : $"the values up to here are together larger than {Size(MostBytes)}, which is the limit of an env file");
    }

    /// <summary>The same of a value that is about to be so many bytes.</summary>
    public static string? Excess(int bytes) => bytes <= MostValueBytes ? null : $"the value is larger than {Size(MostValueBytes)}, which is the limit";

    private static string Size(int bytes) => $"{bytes / (1024 * 1024)} MiB";
}
