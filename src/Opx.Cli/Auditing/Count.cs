namespace Opx.Cli.Auditing;

/// <summary>A number with its noun.</summary>
internal static class Count
{
    public static string Of(long number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
