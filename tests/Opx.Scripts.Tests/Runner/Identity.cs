using System.Runtime.InteropServices;

namespace Opx.Scripts.Tests.Runner;

/// <summary>As whom scripts run. Root passes every permission check, so under root each script gets two users of its own: one it runs
/// as, and one for "another user". That nobody else has these numbers also makes every process of a script easy to find.</summary>
internal static partial class Identity
{
    private const int PerRun = 1_000;

    public static bool IsRoot { get; } = EffectiveUserId() == 0;

    public static uint Me(int script) => IsRoot ? (uint)(200_000 + (Environment.ProcessId % 10_000 * PerRun) + (2 * script)) : EffectiveUserId();

    public static uint Other(int script) => Me(script) + 1;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
