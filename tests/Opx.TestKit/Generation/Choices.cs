namespace Opx.TestKit.Generation;

/// <summary>
/// Where everything that is generated comes from: numbers that a seed makes, or those of an earlier run. So a seed repeats a case, and a case
/// is made smaller by making its numbers fewer and smaller (<see cref="Shrinking"/>), whatever it is that is made of them. Zero is the
/// simplest choice everywhere.
/// </summary>
public sealed class Choices
{
    private readonly IReadOnlyList<int>? _given;
    private readonly List<int>? _made;
    private ulong _state;
    private int _at;

    /// <param name="made">Receives what is chosen, where somebody wants to know.</param>
    public Choices(ulong seed, List<int>? made = null) => (_state, _made) = (seed, made);

    /// <summary>What was chosen once; behind its end only zeros.</summary>
    public Choices(IReadOnlyList<int> given) => _given = given;

    /// <summary>A number from 0, less than the bound.</summary>
    public int Below(int bound)
    {
        if (_given is not null)
            return _at < _given.Count ? Math.Min(_given[_at++], bound - 1) : 0;
        var number = (int)(Next() % (ulong)bound);
        _made?.Add(number);
        return number;
    }

    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Chance(int percent) => Below(100) >= 100 - percent;

    public T Of<T>(params ReadOnlySpan<T> all) => all[Below(all.Length)];

    // SplitMix64.
    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
