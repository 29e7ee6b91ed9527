namespace Opx.Protocol;

/// <summary>opx in the place of <c>op</c>: what client and daemon have to know of each other then.</summary>
public static class StandIn
{
    /// <summary>How the message begins of an opx that was run as the daemon's <c>op</c>, or finds no other; the daemon knows it by that.</summary>
    public const string Mark = "opx stands in for op";
}
