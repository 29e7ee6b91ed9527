using System.Text;
using Opx.Daemon.Secrets;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Model.Tests.Histories;

/// <summary>What must be true of an answer.</summary>
internal static class ReadRules
{
    // How long a not_found is remembered.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    public static void Check(World world, Read read, ReadOutcome[] outcomes, IReadOnlyList<AuditEvent> records)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            var reference = read.References[i];
            CheckRecord(world, read, reference, outcomes[i], records);
            world.Expect(outcomes[i].Value is null != outcomes[i].Problem is null, $"{read.Id}: neither or both of value and problem");
            if (outcomes[i].Value is { } value)
                CheckValue(world, read, reference, outcomes[i], Encoding.UTF8.GetString(value.Bytes).Split(':', 3));
            else if (outcomes[i].Problem is { } problem)
                CheckProblem(world, read, reference, problem);
        }
    }

    // 7. One record per reference and caller, before the answer; 6. without a value.
    private static void CheckRecord(World world, Read read, string reference, ReadOutcome outcome, IReadOnlyList<AuditEvent> records)
    {
        var own = records.Where(record => record.RequestId == read.Id && record.Reference == reference).ToList();
        if (own.Count == 0 && world.MayLogBeBroken(read.Began, read.Ended))
        {
            world.Expect(outcome.Value is null, $"{read.Id}: a value without a record");
            return;
        }

        world.Expect(own.Count == 1, $"{read.Id}: {own.Count} records of {reference}");
        world.Expect(own.TrueForAll(record => !$"{record}".Contains(World.Secret, StringComparison.Ordinal)), "a value in a record");
        var refused = outcome.Problem?.Code is ErrorCode.AccessDenied or ErrorCode.PolicyInvalid or ErrorCode.PeerUnidentified;
        world.Expect(own.TrueForAll(record => record.Decision == (refused ? AuditEvent.Deny : AuditEvent.Allow)), $"{read.Id}: the record says {own[0].Decision} of {outcome.Problem?.Code}");
        // 5. No identity, no answer, and a record of why.
        world.Expect(!refused || outcome.Problem!.Code != ErrorCode.PeerUnidentified || own.TrueForAll(record => record.Reason!.Contains("unidentified", StringComparison.Ordinal)), $"{read.Id}: no reason in the record");
    }

    private static void CheckValue(World world, Read read, string reference, ReadOutcome outcome, string[] parts)
    {
        world.Expect(parts is [World.Secret, _, var text] && text == $"{reference}:{read.Account}", $"{read.Id}: another's value, or a wiped one: {string.Join(':', parts)}");
        if (parts is not [_, var number, _] || !int.TryParse(number, out var index))
            return;
        var (call, what) = (world.Calls[index], $"{read.Id} has {reference} of call {number}");
        // 1.
        world.Expect(world.Policies(read.Began, read.Ended).Any(policy => Plain.Refusal(policy, read.Caller, reference) is null), $"{what}, and no policy allowed it");
        CheckAge(world, read, reference, call, what);
        if (outcome.FromCache)
        {
            world.Expect(!read.Fresh, $"{what} from the cache, and wanted it fresh");
            world.Expect(!reference.Contains("otp", StringComparison.Ordinal) && call.KeepFor != TimeSpan.Zero, $"{what} from the cache, where it was not to be kept");
            var lifetime = call.KeepFor is { } most && most < world.TimeToLive ? most : world.TimeToLive;
            world.Expect(call.Over == int.MaxValue || read.BeganAt - call.OverAt < lifetime + world.StaleFor, $"{what} {read.BeganAt - call.OverAt} after it came");
        }
        else
        {
            world.Expect(read.Began < call.Over, $"{what}, which was over when it began");
        }

        if (read.Fresh)
            world.Expect(call.Began > read.Began, $"{what}, which began before it, and wanted it fresh");
        // Nobody gets a value through a lock.
        if (world.LastLock(read.Began) is { } locked)
            world.Expect(world.WasUnlocked(locked.Ended, read.Ended), $"{what} while it is locked ({locked.Reason})");
        if (world.LockBetween(read.Began, read.Ended) is { } meanwhile)
            world.Expect(outcome.FromCache || call.Answers < meanwhile.Ended, $"{what}, which came after a lock ({meanwhile.Reason})");
    }

    // 4. Nothing begun before a lock or an invalidation is kept after it.
    private static void CheckAge(World world, Read read, string reference, Call call, string what)
    {
        world.Expect(call.Began > world.LastInvalidation(reference, read.Began), $"{what}, from before an invalidation");
        if (world.LastLock(read.Began) is { } locked)
            world.Expect(call.Began > locked.Began, $"{what}, from before a lock");
    }

    private static void CheckProblem(World world, Read read, string reference, Problem problem)
    {
        world.Expect(!$"{problem}".Contains(World.Secret, StringComparison.Ordinal), "a value in a problem");
        var what = $"{read.Id} is told {problem.Code} ({problem.Detail}) for {reference}";
        switch (problem.Code)
        {
            case ErrorCode.AccessDenied or ErrorCode.PolicyInvalid or ErrorCode.PeerUnidentified:
                world.Expect(world.Policies(read.Began, read.Ended).Any(policy => Plain.Refusal(policy, read.Caller, reference) == problem.Code), $"{what}, and no policy says so");
                return;
            case ErrorCode.SessionLocked:
                world.Expect(world.WasLocked(read.Began, read.Ended), $"{what}, and nothing is locked");
                return;
            case ErrorCode.Internal when problem.Detail.StartsWith("the audit log", StringComparison.Ordinal):
                world.Expect(world.MayLogBeBroken(read.Began, read.Ended), $"{what}, and the log is in order");
                return;
            case ErrorCode.Internal:
                world.Expect(world.Calls.Any(call => call.IsDefect && call.Account == read.Account && call.References.Contains(reference) && read.Began < call.Over), $"{what}, and nothing was the matter");
                return;
        }

        // 3. A failure goes to the callers of that flight; a not_found is remembered for a moment.
        if (!problem.Detail.StartsWith("call ", StringComparison.Ordinal) || !int.TryParse(problem.Detail.AsSpan(5), out var index))
        {
            world.Expect(false, $"{what}, which nobody said");
            return;
        }

        var source = world.Calls[index];
        world.Expect(source.Account == read.Account && source.References.Contains(reference), $"{what}, which is another's");
        if (read.Began < source.Over)
            return;
        world.Expect(problem.Code == ErrorCode.NotFound && !read.Fresh && read.BeganAt - source.OverAt < Remembered, $"{what}, which was over when it began");
        CheckAge(world, read, reference, source, what);
    }
}
