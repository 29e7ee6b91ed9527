using Opx.Protocol;

namespace Opx.Client;

/// <summary>What the daemon answered, or why it refused: exactly one of the two.</summary>
public readonly record struct Answer<T>(T? Value, Problem? Problem)
    where T : class;

/// <summary>The body of <c>/v1/status</c> as it came: a daemon of another version may say more than this one knows.</summary>
/// <param name="Json">UTF-8. Nothing of it is secret.</param>
public sealed record StatusBody(byte[] Json);
