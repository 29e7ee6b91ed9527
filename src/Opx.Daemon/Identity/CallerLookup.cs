using Opx.Policy;

namespace Opx.Daemon.Identity;

/// <summary>
/// Finds out on whose behalf a process asks. What cannot block is read on the spot; the rest, which is new programs and scripts, is left to
/// threads that may wait, and only for so long.
/// </summary>
internal sealed class CallerLookup(
    IProcessTable processes,
    TrustedClients clients,
    ContentHashes contents,
    KnownPrograms programs,
    LookupThreads threads,
    TimeProvider clock)
{
    private const string NotAtItsPath = "its executable is not the file at its path (deleted, replaced, or in another mount namespace)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public IProcessTable Processes => processes;

    /// <summary>Complete on return, unless something has to be looked at that may block.</summary>
    public Task<Identification> IdentifyAsync(Peer peer, IObservedProcess process, IdentityNeeds needs)
    {
        if (Ancestry.Read(process, processes, clients, needs.HasFlag(IdentityNeeds.Ancestors), out var fault) is not { } chain)
            return Task.FromResult(Identification.Failed(fault));
        if (IsKnown(chain.Peer) && IsKnown(chain.Caller) && chain.AboveCaller.All(IsKnown) && !WantsScript(chain, needs))
            return Task.FromResult(Finish(peer, chain, needs));
        return WithinPatienceAsync(threads.RunAsync(() => Finish(peer, chain, needs)));
    }

    private bool IsKnown(Ancestry.Link link) =>
        link.Program is not { } program || link.Path is null || programs.IsKnown(program, link.Path);

    private static bool WantsScript(Ancestry chain, IdentityNeeds needs) =>
        needs.HasFlag(IdentityNeeds.Script) && ScriptArgument.IsInterpreter(chain.Caller.Path!);

    private async Task<Identification> WithinPatienceAsync(Task<Identification> look)
    {
        try
        {
            return await look.WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            return Identification.Failed("looking at its program took too long");
        }
    }

    private Identification Finish(Peer peer, Ancestry chain, IdentityNeeds needs)
    {
        IObservedProcess? kept = null;
        try
        {
            if (PathOf(chain.Peer) is not { } asking || PathOf(chain.Caller) is not { } path)
                return Identification.Failed(NotAtItsPath);
            var process = chain.Caller.Process;
            var script = WantsScript(chain, needs) ? Script.Of(process, path) : null;
            // Only what the same program said of itself counts.
            if (script is not null && process.Program()?.IsSameFile(chain.Caller.Program!.Value) != true)
                return Identification.Failed("it became another program while it was looked at");
            kept = process;
            return new Identification(
                new IdentifiedProcess(
                    new Caller
                    {
                        ProcessId = process.Id,
                        UserId = peer.UserId,
                        GroupId = peer.GroupId,
                        Path = path,
                        Script = script,
                        Parents = needs.HasFlag(IdentityNeeds.Ancestors) ? Parents(chain, peer) : [],
                    },
                    chain.CallerIsPeer ? null : asking,
                    new ProgramContent(process, contents)),
                null,
                needs);
        }
        catch (ObjectDisposedException)
        {
            return Identification.Failed("it went away while it was looked at");
        }
        finally
        {
            chain.Release(kept);
        }
    }

    private string[] Parents(Ancestry chain, Peer peer) =>
        [.. chain.AboveCaller.Where(link => Counts(link, peer)).Select(link => PathOf(link) ?? Caller.Unreadable)];

    /// <summary>
    /// What cannot be read is any program, except where it is another user's: init, login, sshd stand above everybody, and the user cannot
    /// put anything of its own choice there. What the user did start and then hid stays in the list as unreadable.
    /// </summary>
    private static bool Counts(Ancestry.Link link, Peer peer) => link.Path is not null || !link.Process.IsAnothers(peer.UserId);

    private string? PathOf(Ancestry.Link link) =>
        link is { Program: { } program, Path: { } path } && (programs.IsKnown(program, path) || programs.Confirm(program, path))
            ? path
            : null;
}
