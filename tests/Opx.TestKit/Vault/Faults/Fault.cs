using Microsoft.AspNetCore.Http;

namespace Opx.TestKit.Vault.Faults;

/// <summary>Ways to go wrong.</summary>
internal enum FaultKind
{
    /// <summary>Answers after <see cref="Fault.Seconds"/>.</summary>
    Slow,

    /// <summary>Never answers.</summary>
    Hang,

    /// <summary>Closes the connection in place of an answer.</summary>
    Reset,

    /// <summary>Announces the whole body, sends half of it, and closes the connection.</summary>
    Half,

    /// <summary>Announces half of the body and sends that: whole for HTTP, half for JSON.</summary>
    Short,

    /// <summary>A proxy's page, with <see cref="Fault.Status"/> (200).</summary>
    Html,

    /// <summary>A secret of 10 MB, or <see cref="Fault.Bytes"/>.</summary>
    Large,

    /// <summary>A redirect (<see cref="Fault.Status"/>, 307) to the same path at <see cref="Fault.To"/>.</summary>
    Redirect,

    /// <summary><see cref="Fault.Status"/> (500) with <see cref="Fault.Message"/> as the only error.</summary>
    Error,

    /// <summary>503, <c>Vault is sealed</c>.</summary>
    Sealed,

    /// <summary>429 with <c>Retry-After</c> of <see cref="Fault.Seconds"/>.</summary>
    Limit,

    /// <summary><c>sys/health</c> answers as a node that is not the active one: <see cref="Fault.Status"/> 429, 472 or 473.</summary>
    Standby,

    /// <summary>A secondary for disaster recovery: 472 at <c>sys/health</c>, and everything else is disabled.</summary>
    Recovery,

    /// <summary>The caller's token is revoked first: a token that dies in the middle.</summary>
    Revoke,
}

/// <param name="Path">Where: what the path behind <c>/v1/</c> starts with; empty for everywhere.</param>
/// <param name="Times">How often; 0 for always.</param>
/// <param name="After">How many calls go well before.</param>
internal sealed record Fault(FaultKind Kind, string Path = "", int Times = 0, int After = 0)
{
    public double Seconds { get; init; } = 1;

    public int Status { get; init; }

    public string To { get; init; } = "";

    public string Message { get; init; } = "1 error occurred:\n\t* internal error\n\n";

    public int Bytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>As scripts say it: <c>/control/fault?kind=slow&amp;path=secret/&amp;times=1&amp;seconds=2</c>.</summary>
    public static Fault Of(IQueryCollection query)
    {
        int Number(string name, int usual) => query.TryGetValue(name, out var value) ? int.Parse(value.ToString()) : usual;

        var usual = new Fault(Enum.Parse<FaultKind>(query["kind"].ToString(), ignoreCase: true), query["path"].ToString(), Number("times", 0), Number("after", 0));
        return usual with
        {
            Seconds = query.TryGetValue("seconds", out var seconds) ? double.Parse(seconds.ToString()) : usual.Seconds,
            Status = Number("status", 0),
            To = query["to"].ToString(),
            Message = query.TryGetValue("message", out var message) ? message.ToString() : usual.Message,
            Bytes = Number("bytes", usual.Bytes),
        };
    }
}

/// <summary>What is to go wrong next. The first that fits a call is it.</summary>
internal sealed class FaultList
{
    private readonly Lock _lock = new();
    private readonly List<Pending> _faults = [];

    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add(new Pending(fault));
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <summary>The fault for this call; null where it may go well.</summary>
    public Fault? Take(string path)
    {
        lock (_lock)
        {
            foreach (var pending in _faults)
            {
                if (!path.StartsWith(pending.Fault.Path, StringComparison.Ordinal) || (pending.Fault.Kind == FaultKind.Standby && path != "sys/health"))
                    continue;
                var seen = pending.Seen++;
                if (seen >= pending.Fault.After && (pending.Fault.Times == 0 || seen < pending.Fault.After + pending.Fault.Times))
                    return pending.Fault;
            }

            return null;
        }
    }

    private sealed class Pending(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Seen { get; set; }
    }
}
