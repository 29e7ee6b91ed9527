using System.Runtime.CompilerServices;

// A daemon's start changes the mask of the process for a moment, and what it does to the machine is measured by its own status.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Opx.Integration.Tests;

internal static class InlineCompletions
{
    /// <summary>As in the daemon's <c>Program</c>: handlers run on the thread that polls the sockets, where whatever blocks would show.</summary>
    [ModuleInitializer]
    internal static void RunHandlersWhereTheSocketsArePolled() =>
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
