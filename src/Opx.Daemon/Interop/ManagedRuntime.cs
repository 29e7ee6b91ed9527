using System.Runtime.CompilerServices;

namespace Opx.Daemon.Interop;

/// <summary>What a JIT-compiled build has to look out for; a native one has none of it.</summary>
internal static class ManagedRuntime
{
    private static readonly string[] Doors =
        ["DOTNET_STARTUP_HOOKS", "CORECLR_ENABLE_PROFILING", "DOTNET_ENABLE_PROFILING", "CORECLR_PROFILER", "DOTNET_DiagnosticPorts"];

    /// <summary>The variable by which foreign code would be in this process already, or null.</summary>
    public static string? IntruderInEnvironment(Func<string, string?> environment) =>
        RuntimeFeature.IsDynamicCodeSupported ? Doors.FirstOrDefault(name => environment(name) is { Length: > 0 } and not "0") : null;
}
