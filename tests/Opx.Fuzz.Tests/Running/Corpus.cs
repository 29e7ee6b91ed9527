namespace Opx.Fuzz.Tests.Running;

/// <summary>Inputs that are worth keeping: <c>Corpus/TARGET/what-it-is</c>. Each was found once, or shows what nothing generated would be likely to.</summary>
internal static class Corpus
{
    public static IReadOnlyList<(string Name, byte[] Input)> Of(string target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", target);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]
            : [];
    }
}
