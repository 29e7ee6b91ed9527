namespace Opx.Fuzz.Tests.Running;

/// <summary>One input through one target.</summary>
internal static class Trial
{
    /// <summary>Why the target does not stand it; null where it does.</summary>
    public static string? Fault(Target target, byte[] input)
    {
        var fault = Once(target, input, out var took, out var allocated);
        if (fault is not null)
            return fault;
        // Whether it was the machine shows when it is tried again.
        for (var i = 0; i < 3 && took > target.Patience; i++)
            fault ??= Once(target, input, out took, out _);
        if (took > target.Patience)
            return $"{input.Length} bytes take {took.TotalSeconds:0.0} s";
        return allocated > target.MostAllocated(input.Length) ? $"{input.Length} bytes allocate {allocated}" : fault;
    }

    private static string? Once(Target target, byte[] input, out TimeSpan took, out long allocated)
    {
        var (began, before) = (TimeProvider.System.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            target.Check(input);
            return null;
        }
        catch (OracleException untrue)
        {
            return untrue.Message;
        }
        catch (Exception surprise)
        {
            return $"{surprise.GetType().Name}: {surprise.Message}\n{surprise.StackTrace}";
        }
        finally
        {
            took = TimeProvider.System.GetElapsedTime(began);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
