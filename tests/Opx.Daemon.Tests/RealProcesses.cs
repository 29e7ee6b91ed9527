namespace Opx.Daemon.Tests;

/// <summary>Tests that count this process's own descriptors, threads or children: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealProcesses
{
    public const string Name = "processes";
}
