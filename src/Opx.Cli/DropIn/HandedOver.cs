using System.Globalization;

namespace Opx.Cli.DropIn;

/// <summary>
/// To which programs named <c>op</c> a drop-in above us has handed over. Such a program may be a wrapper that calls <c>op</c> and finds us again, by
/// <c>exec</c> in this very process or ever deeper: it is not handed over to again.
/// </summary>
/// <param name="IsCircle">Where all have been asked, nothing else can come: it was in this very process, or the daemon's call. Otherwise the real
/// one was among them, and what it started may ask it again.</param>
internal sealed record HandedOver(int Process, int Depth, IReadOnlyList<string> Programs, bool IsCircle)
{
    public const string Variable = "OPX_DROP_IN";
    public const int Deepest = 8;

    /// <param name="variable">What a drop-in above us left.</param>
    /// <param name="calledOp">What the daemon has called, where it has: as good as handed over to.</param>
    public static HandedOver Parse(string? variable, string? calledOp, int process)
    {
        string[] called = calledOp is null ? [] : [calledOp];
        return variable?.Split(':') is [var number, var depth, .. var programs]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var above)
            && int.TryParse(depth, NumberStyles.None, CultureInfo.InvariantCulture, out var deep)
            ? new HandedOver(process, deep, [.. programs.Union(called)], above == process || calledOp is not null)
            : new HandedOver(process, 0, called, calledOp is not null);
    }

    public HandedOver With(string program) => this with { Depth = Depth + 1, Programs = [.. Programs, program] };

    public override string ToString() => string.Join(':', [$"{Process}", $"{Depth}", .. Programs]);
}
