using Opx.Model.Tests.Stepping;
using Opx.Policy;

namespace Opx.Daemon.Identity;

/// <summary>Who asks, known beforehand; sometimes only after a while, as where something has to be looked at that may block.</summary>
internal sealed class PeerIdentity(string program, bool takesAWhile)
{
    private readonly Identification _known = new(
        new IdentifiedProcess(new Caller { ProcessId = 1, UserId = 1000, GroupId = 1000, Path = program }, null, new ProgramContent()), null, ~IdentityNeeds.None);

    public async Task<Identification> CurrentAsync(IdentityNeeds needs)
    {
        Fiber.Point();
        _ = needs;
        if (takesAWhile)
            await Task.Yield();
        return _known;
    }
}

/// <summary>No rule here asks for it.</summary>
internal sealed class ProgramContent
{
    public string? Known { get; }

    public Task EstablishAsync() => Known is null ? Task.CompletedTask : Task.FromResult(Known);
}
