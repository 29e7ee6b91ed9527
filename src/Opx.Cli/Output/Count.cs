namespace Opx.Cli.Output;

/// <summary>A number with its noun.</summary>
internal static class Count
{
    /// <param name="many">The plural, where it is not the noun with an s.</param>
    public static string Of(long number, string noun, string? many = null) => number == 1 ? $"1 {noun}" : $"{number} {many ?? noun + "s"}";
}
