using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Running;

/// <summary>Something that reads bytes, with what makes them and what must be true of every outcome.</summary>
/// <param name="weight">Its share of a campaign: what is quick, or reads what strangers wrote, gets more.</param>
internal abstract class Target(string name, int weight)
{
    public string Name { get; } = name;

    public int Weight { get; } = weight;

    /// <summary>How long one input may take. Many times what it does: machines are slow, and what grows with the square of its input is not near it.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromSeconds(1);

    /// <summary>What is allocated for an input at most, beside what the oracle needs.</summary>
    public virtual long MostAllocated(int inputBytes) => 2_000_000 + (2_000L * inputBytes);

    public abstract byte[] Generate(Choices choices);

    /// <summary>Throws where something is not as it must be.</summary>
    public abstract void Check(byte[] input);

    /// <summary>The input that a seed makes.</summary>
    public byte[] Input(ulong seed, List<int>? made = null) => Generate(new Choices(seed, made));
}
