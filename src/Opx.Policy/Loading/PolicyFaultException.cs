namespace Opx.Policy.Loading;

/// <summary>Ends the reading of a file; never leaves <see cref="PolicyFile"/>.</summary>
internal sealed class PolicyFaultException(int line, string reason) : Exception(reason)
{
    public int Line { get; } = line;
}
