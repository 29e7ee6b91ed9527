using Opx.Daemon.Backends.OnePassword;
using Opx.Protocol;

namespace Opx.Daemon.Tests.Backends.OnePassword;

internal static class Refs
{
    public static SecretReference Reference(string text) => SecretReference.Parse(text, out var why) ?? throw new ArgumentException(why);

    public static OpReference[] Of(params string[] texts) => [.. texts.Select((text, index) => OpReference.From(Reference(text), index)!)];

    public static IEnumerable<string> Good(int count) => Enumerable.Range(0, count).Select(number => $"op://V/item {number}/password");
}
