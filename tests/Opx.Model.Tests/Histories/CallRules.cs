namespace Opx.Model.Tests.Histories;

/// <summary>What must be true when a backend is called.</summary>
internal static class CallRules
{
    public static void Check(World world, Call call, int mostAtATime)
    {
        world.Expect(call.References.Distinct().Count() == call.References.Count, $"call {call.Number} asks twice for one reference");
        var lane = world.Calls.Count(other => other.Account == call.Account && other.IsUnderWay);
        world.Expect(lane < mostAtATime, $"call {call.Number} is one of {lane + 1} at a time");
        foreach (var reference in call.References)
        {
            // 1. Policy before cache and flight: nobody is asked for what nobody who may have it wants.
            world.Expect(
                world.Reads.Any(read => read.Wants(reference, call.Account) && world.Policies(read.Began, Math.Min(read.Ended, call.Began)).Any(policy => Plain.Refusal(policy, read.Caller, reference) is null)),
                $"call {call.Number} is for {reference}, which nobody may read who wants it");
            // 2. One call per key in flight.
            foreach (var other in world.Calls.Where(other => other.IsUnderWay && !other.IsCancelled && other.Account == call.Account && other.References.Contains(reference)))
                world.Expect(MayBeTwo(world, other, call, reference), $"call {call.Number} for {reference} while call {other.Number} is under way");
        }
    }

    // Somebody wanted it anew, or what was on the way was told to be no good.
    private static bool MayBeTwo(World world, Call other, Call call, string reference)
    {
        // Where nobody waited for the other one, it was begun to read a value anew whose time was over, at whatever moment before.
        var begun = world.Reads.Where(read => read.Wants(reference, call.Account) && read.Ended > other.Began && read.Began < other.Began).Select(read => read.Began).DefaultIfEmpty(0).Min();
        return world.Reads.Any(read => read.Fresh && read.Wants(reference, call.Account) && read.Began < call.Began && read.Ended > begun)
            || world.Invalidations.Any(each => each.Began < call.Began && each.Ended > begun)
            || world.WasLocked(begun, call.Began)
            || world.Reads.Any(read => read.HasLeft && read.Wants(reference, call.Account));
    }
}
