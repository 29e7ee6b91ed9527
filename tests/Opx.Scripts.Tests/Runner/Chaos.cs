namespace Opx.Scripts.Tests.Runner;

/// <summary>What <c>make chaos</c> turns up: how long the scripts that live by chance go on, and what chance starts from.</summary>
internal static class Chaos
{
    /// <summary><c>OPX_CHAOS</c>: times as long as in the suite.</summary>
    public static int Times { get; } = Number("OPX_CHAOS") ?? 1;

    /// <summary><c>OPX_CHAOS_SEED</c>, to see again what a failure printed.</summary>
    public static int Seed { get; } = Number("OPX_CHAOS_SEED") ?? Random.Shared.Next(1, 1_000_000);

    /// <summary><c>OPX_SOAK</c>: seconds that the load goes on whose memory has to stay level.</summary>
    public static int Soak { get; } = Number("OPX_SOAK") ?? 8;

    /// <summary><c>OPX_SAY</c>: what a script says is shown though it has passed.</summary>
    public static bool Says { get; } = Environment.GetEnvironmentVariable("OPX_SAY") is { Length: > 0 };

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
