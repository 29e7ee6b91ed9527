using Opx.Daemon.Interop;

namespace Opx.Daemon.Identity;

/// <summary>
/// The processes from a peer upwards: to the caller, or to the top where rules ask for ancestors. All are held until the chain has been
/// looked at again, so that what was read belongs together: a parent that ends in between is replaced by another one in its child.
/// </summary>
internal sealed class Ancestry : IDisposable
{
    // A chain this long is somebody's attempt.
    private const int Longest = 256;

    private readonly List<Link> _links = [];
    private int _caller = -1;

    /// <summary>One process with the program that it ran when it was looked at; null where the system does not tell.</summary>
    internal sealed record Link(IObservedProcess Process, FileStamp? Program, string? Path);

    public Link Peer => _links[0];

    public Link Caller => _links[_caller];

    public IEnumerable<Link> AboveCaller => _links.Skip(_caller + 1);

    public bool CallerIsPeer => _caller == 0;

    /// <summary>
    /// Reads the chain; never blocks. Null where it cannot be established, with the reason. The peer's process stays the caller's to
    /// dispose.
    /// </summary>
    public static Ancestry? Read(IObservedProcess peer, IProcessTable processes, TrustedClients clients, bool toTheTop, out string fault)
    {
        var ancestry = new Ancestry();
        if (ancestry.ReadAll(peer, processes, clients, toTheTop) is not { } why)
        {
            fault = "";
            return ancestry;
        }

        ancestry.Dispose();
        fault = why;
        return null;
    }

    /// <summary>Lets go of the chain, but for the process that asks, and the one on whose behalf where it is to be kept.</summary>
    public void Dispose() => Release(kept: null);

    public void Release(IObservedProcess? kept)
    {
        foreach (var link in _links.Skip(1))
        {
            if (link.Process != kept)
                link.Process.Dispose();
        }
    }

    private string? ReadAll(IObservedProcess peer, IProcessTable processes, TrustedClients clients, bool toTheTop)
    {
        if (Add(peer, clients) is { } unreadable)
            return unreadable;
        if (_caller >= 0 && !toTheTop)
            return null;
        if (peer.Origin() is not { } origin)
            return "the process that connected has ended";
        while (_caller < 0 || toTheTop)
        {
            if (_links.Count > Longest)
                return "it has too many ancestors";
            var child = _links[^1].Process;
            if (origin.ParentId == 0)
                return _caller < 0 ? "no process is to be seen that started opx" : null;
            var parent = processes.Find(origin.ParentId);
            if (parent is not null && Add(parent, clients) is { } fault)
                return fault;
            // While its parent stays the same, that process has not ended, so its number was nobody else's.
            if (child.Origin() != origin)
                return "its ancestors changed while they were looked at";
            if (parent is null)
                return _caller < 0 ? "the process that started opx is not to be seen" : null;
            if (parent.Origin() is not { } parentOrigin || parentOrigin.StartTime > origin.StartTime)
                return "an ancestor's process number has gone to another process";
            origin = parentOrigin;
        }

        return null;
    }

    /// <summary>Null, or why whoever asks cannot be established any more.</summary>
    private string? Add(IObservedProcess process, TrustedClients clients)
    {
        var link = new Link(process, process.Program(), process.ProgramPath());
        _links.Add(link);
        if (_caller >= 0)
            return null;
        if (link.Program is not { } program || link.Path is null)
        {
            return _links.Count == 1
                ? "the executable of the process that connected cannot be read"
                : $"opx was started by process {process.Id}, whose executable cannot be read (another user's, or gone)";
        }

        // No more than a hurdle: a debugger may come later. It is here so that nobody is taken for what it is at another one's command.
        if (process.IsTraced())
            return $"process {process.Id} runs under a debugger";
        if (!clients.Contains(program))
            _caller = _links.Count - 1;
        return null;
    }
}
