using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Opx.Daemon.Identity;
using Opx.Daemon.Listening;
using Opx.Daemon.Secrets;
using Opx.Daemon.Sessions;
using Opx.Protocol;

namespace Opx.Daemon.Endpoints;

/// <summary><c>/v1/read</c>, <c>/v1/reads</c> and <c>/v1/resolve</c>: one orchestrator, three shapes of question and answer.</summary>
internal sealed class ReadEndpoints(SecretReader reader, Session session, TimeProvider clock)
{
    public async Task ReadAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, ReadRequest.Parse, clock) is not { } request)
            return;
        if (SecretReference.Parse(request.Ref, out var why) is not { } reference)
        {
            await ProblemResponse.WriteAsync(context, Unsupported(request.Ref, why));
            return;
        }

        var outcomes = await reader.ReadAsync([reference], Context(context, request.Account, request.Fresh), context.RequestAborted);
        using var outcome = outcomes[0];
        if ((outcome.Problem ?? LockedMeanwhile(context)) is { } problem)
            await ProblemResponse.WriteAsync(context, problem);
        else
            await JsonResponse.WriteAsync(context, writer => Write(writer, request.Ref, outcome));
    }

    public async Task ReadsAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, ReadsRequest.Parse, clock) is not { } request)
            return;
        using var batch = new Batch(request.Refs);
        await batch.ReadAsync(reader, Context(context, request.Account, request.Fresh), context.RequestAborted);
        var locked = LockedMeanwhile(context);
        await JsonResponse.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("results");
            foreach (var text in batch.Distinct)
            {
                writer.WritePropertyName(text);
                var outcome = batch[text];
                if ((outcome.Problem ?? locked) is { } failure)
                    ReadsResponse.WriteError(writer, text, failure);
                else
                    Write(writer, text, outcome);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    public async Task ResolveAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, ResolveRequest.Parse, clock) is not { } request)
            return;
        using var batch = new Batch(request.Env.Select(variable => variable.Value));
        await batch.ReadAsync(reader, Context(context, request.Account, request.Fresh), context.RequestAborted);
        if ((batch.FirstProblem ?? LockedMeanwhile(context)) is { } problem)
        {
            await ProblemResponse.WriteAsync(context, problem);
            return;
        }

        await JsonResponse.WriteAsync(context, writer =>
            ResolveResponse.Write(writer, request.Env.Select(variable => variable.Key), i => batch[request.Env[i].Value].Value!.Bytes));
    }

    /// <summary>
    /// The refusal where a lock came after the values did, else null. Said first, looked second: either we see the lock, or the lock sees
    /// that this connection tells values, and ends it.
    /// </summary>
    private Problem? LockedMeanwhile(HttpContext context)
    {
        context.Features.Get<ConnectionTable.Entry>()?.BeginsToTell();
        return session.InForce is { } reason ? SessionGate.Refusal(reason) : null;
    }

    private static ReadContext Context(HttpContext context, string? account, bool fresh) =>
        new(context.Features.GetRequiredFeature<Peer>(), account, fresh) { RequestId = context.TraceIdentifier };

    private static void Write(System.Text.Json.Utf8JsonWriter writer, string reference, ReadOutcome outcome) =>
        ReadResponse.Write(
            writer, reference, outcome.Value!.Bytes, outcome.FromCache, (int)Math.Ceiling(outcome.Lifetime.TotalSeconds), outcome.ResolvedAtUnix);

    private static Problem Unsupported(string reference, string why) => new(ErrorCode.UnsupportedRef, why, Printable.Text(reference));

    /// <summary>The references of one request: each once, those that are malformed with their problem, the others with what they came to.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly Dictionary<string, ReadOutcome> _outcomes = [];
        private readonly List<SecretReference> _references = [];

        public Batch(IEnumerable<string> texts)
        {
            foreach (var text in texts)
            {
                if (_outcomes.ContainsKey(text))
                    continue;
                Distinct.Add(text);
                var reference = SecretReference.Parse(text, out var why);
                _outcomes[text] = reference is null ? ReadOutcome.Of(Unsupported(text, why)) : default;
                if (reference is not null)
                    _references.Add(reference);
            }
        }

        /// <summary>In the order they were asked for.</summary>
        public List<string> Distinct { get; } = [];

        public ReadOutcome this[string text] => _outcomes[text];

        /// <summary>The problem of the first reference that has one.</summary>
        public Problem? FirstProblem => Distinct.Select(text => _outcomes[text].Problem).FirstOrDefault(problem => problem is not null);

        public async ValueTask ReadAsync(SecretReader reader, ReadContext context, CancellationToken cancellation)
        {
            var outcomes = await reader.ReadAsync(_references, context, cancellation);
            for (var i = 0; i < outcomes.Length; i++)
                _outcomes[_references[i].Text] = outcomes[i];
        }

        public void Dispose()
        {
            foreach (var outcome in _outcomes.Values)
                outcome.Dispose();
        }
    }
}
