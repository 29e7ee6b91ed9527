using Opx.Cli.Output;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary>The outcomes of references that were asked for together: each once, whatever number of times it was named.</summary>
internal sealed class Batch
{
    private readonly Dictionary<string, ReadResult> _results;

    private Batch(IReadOnlyList<string> references, Dictionary<string, ReadResult> results)
    {
        References = references;
        _results = results;
    }

    /// <summary>Distinct, in the order given.</summary>
    public IReadOnlyList<string> References { get; }

    public ReadResult this[string reference] => _results[reference];

    /// <summary>Asks the daemon; not at all where no reference is one.</summary>
    /// <exception cref="FailureException">The batch as a whole failed.</exception>
    public static Batch Read(Invocation invocation, IEnumerable<string> references, bool fresh = false)
    {
        var distinct = references.Distinct().ToList();
        var results = new Dictionary<string, ReadResult>(distinct.Count);
        var asked = new List<string>(distinct.Count);
        foreach (var reference in distinct)
        {
            if (SecretReference.Parse(reference, out var why) is null)
                results[reference] = new ReadResult(null, new Problem(ErrorCode.UnsupportedRef, why, reference));
            else
                asked.Add(reference);
        }

        if (asked.Count > 0)
            Ask(invocation, asked, fresh, results);
        return new Batch(distinct, results);
    }

    /// <summary>For those who know the outcomes already.</summary>
    public static Batch Of(IReadOnlyList<string> references, Func<string, ReadResult> outcome) =>
        new(references, references.ToDictionary(reference => reference, outcome));

    public byte[] Value(string reference) => _results[reference].Response!.Value;

    /// <summary>Every failure, in order, and the first one's exit code; null where there is none.</summary>
    /// <param name="label">What to call a reference; by default its own text.</param>
    public FailureException? Failure(Func<string, string>? label = null)
    {
        var failed = References.Where(reference => _results[reference].Problem is not null).ToList();
        if (failed.Count == 0)
            return null;
        var lines = failed.ConvertAll(reference =>
            Messages.Of(_results[reference].Problem! with { Reference = label?.Invoke(reference) ?? reference }));
        return new FailureException(ExitCode.Of(_results[failed[0]].Problem!.Code), lines);
    }

    public void Wipe()
    {
        foreach (var result in _results.Values)
        {
            if (result.Response is { } response)
                SecretBytes.Wipe(response.Value);
        }
    }

    private static void Ask(Invocation invocation, List<string> references, bool fresh, Dictionary<string, ReadResult> results)
    {
        using var client = invocation.Connect();
        using (WaitingNotice.Begin(invocation, references))
            Ask(client, invocation, references, fresh, results);
        VersionSkew.Note(invocation, client.DaemonVersion, results.Values.Any(result => result.Problem is not null));
    }

    private static void Ask(
        DaemonClient client, Invocation invocation, List<string> references, bool fresh, Dictionary<string, ReadResult> results)
    {
        if (references is [var only])
        {
            var answer = client.Read(new ReadRequest(only, invocation.Account, fresh));
            results[only] = new ReadResult(answer.Value, answer.Problem);
            return;
        }

        var (response, problem) = client.Reads(new ReadsRequest(references, invocation.Account, fresh));
        if (response is null)
            throw new FailureException(problem!);
        foreach (var reference in references)
        {
            results[reference] = response.Results.TryGetValue(reference, out var result)
                ? result
                : new ReadResult(null, new Problem(ErrorCode.Internal, "the daemon's answer leaves this reference out", reference));
        }
    }
}
