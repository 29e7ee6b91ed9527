namespace Opx.TestKit.Generation;

/// <summary>Makes a case that fails smaller: fewer numbers first, then smaller ones, as long as it goes on failing.</summary>
public static class Shrinking
{
    // A case that fails because it is slow is shrunk slowly.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="most">How often the case may be tried.</param>
    public static IReadOnlyList<T> Shrink<T>(IReadOnlyList<T> failing, Func<IReadOnlyList<T>, bool> fails, Func<T, IEnumerable<T>> smaller, int most = 20_000)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (best, tries) = (failing, 0);
        for (var before = -1; before != tries && tries < most;)
        {
            before = tries;
            var size = best;
            best = Smaller(Fewer(best));
            if (size.Count == best.Count && size.SequenceEqual(best))
                break;
        }

        return best;

        bool Try(IReadOnlyList<T> candidate) => tries++ < most && TimeProvider.System.GetElapsedTime(began) < Patience && fails(candidate);

        IReadOnlyList<T> Fewer(IReadOnlyList<T> all)
        {
            for (var length = all.Count / 2; length > 0; length /= 2)
            {
                for (var at = all.Count - length; at >= 0; at -= length)
                {
                    T[] rest = [.. all.Take(at), .. all.Skip(at + length)];
                    if (Try(rest))
                        (all, at) = (rest, Math.Min(at, rest.Length));
                }
            }

            return all;
        }

        IReadOnlyList<T> Smaller(IReadOnlyList<T> all)
        {
            for (var at = 0; at < all.Count; at++)
            {
                foreach (var less in smaller(all[at]))
                {
                    T[] changed = [.. all];
                    changed[at] = less;
                    if (!Try(changed))
                        continue;
                    all = changed;
                    break;
                }
            }

            return all;
        }
    }

    /// <summary>Of the numbers of <see cref="Choices"/>.</summary>
    public static IReadOnlyList<int> Shrink(IReadOnlyList<int> failing, Func<IReadOnlyList<int>, bool> fails) =>
        Shrink(failing, fails, number => number == 0 ? [] : number == 1 ? [0] : [0, number / 2, number - 1]);
}
