using System.Text;
using Opx.Daemon.Backends.OnePassword;
using Opx.Fuzz.Tests.Generating;
using Opx.Fuzz.Tests.Running;
using Opx.Protocol;
using Opx.TestKit.Generation;

namespace Opx.Fuzz.Tests.Targets;

/// <summary>
/// What <c>op</c> says. Its first line is a batch's references, what follows its message. Nothing of the message comes through, names of items
/// blame nobody and lock nothing, and nobody is blamed whose names it does not hold.
/// </summary>
internal sealed class OpMessageTarget() : Target("op-message", 8)
{
    private static readonly string[] Names =
        ["v", "i", "f", "item", "(429)", "(401)", "account is not signed in", "error initializing client:", "could not find item", "isn't an item in the", "x.y", "connecting to desktop app"];

    public override byte[] Generate(Choices choices)
    {
        var references = Enumerable.Range(0, choices.Between(1, 4)).Select(_ => $"op://{Word(choices)}/{Word(choices)}/{(choices.Chance(30) ? Word(choices) + "/" : "")}{Word(choices)}").ToList();
        var (reference, other) = (references[0], references[^1]);
        var parts = reference[5..].Split('/');
        var message = choices.Of(
            $"could not read secret '{reference}': could not get item {parts[0]}/{parts[1]}: \"{parts[1]}\" isn't an item in the \"{parts[0]}\" vault. Specify the item with its UUID.",
            $"could not read secret '{reference}': error initializing client: You are not currently signed in.",
            $"item '{parts[0]}/{parts[1]}' does not have a field '{parts[^1]}'",
            $"{reference}: (429) Too Many Requests: please retry in {string.Concat(Enumerable.Repeat("999999999 days, ", choices.Of(0, 0, 20)))}{choices.Of("58 minutes", "1 hour 3 minutes", "999999999 days, 999999999 days and 3 s", "٣ hours", "90s", "a day")}",
            $"error initializing client: {choices.Of("", "authorization timeout", "connecting to desktop app: c4n4ry-hunter2", Words.Text(choices))}",
            $"More than one item matches \"{parts[1]}\". Try again and specify the item by its ID. c4n4ry-hunter2",
            $"{other} {reference} {Words.Text(choices)}", Words.Text(choices));
        return Mutation.Some(Encoding.UTF8.GetBytes($"{string.Join(',', references)}\n[ERROR] 2026/11/22 00:00:00 {message}"), choices);
    }

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var line = text.IndexOf('\n');
        if (line < 0)
            return;
        OpReference[] references = [.. text[..line].Split(',').Select(word => SecretReference.Parse(word, out _)).OfType<SecretReference>().Select(OpReference.From).OfType<OpReference>()];
        var message = text[(line + 1)..];
        var failure = OpMessages.Explain(message, references, 6);
        Oracle.IsFit(failure.Failure.Detail);
        Oracle.Holds(!$"{failure}{failure.Failure}".Contains(Secret.Text, StringComparison.Ordinal), "op's own words come through");
        Oracle.Holds(failure.Failure.RetryAfter is not { } wait || (wait > TimeSpan.Zero && wait <= TimeSpan.FromDays(1)), $"left alone for {failure.Failure.RetryAfter}");
        // Without the names of the batch nothing is left that speaks of everybody: then nobody else is concerned.
        var bare = references.SelectMany(reference => (string?[])[reference.Text, reference.Vault, reference.Item, reference.Section, reference.Field]).OfType<string>().Where(name => name.Length > 3)
            .OrderByDescending(name => name.Length).Aggregate(message, (rest, name) => rest.Replace(name, "", StringComparison.OrdinalIgnoreCase));
        if (!bare.Any(char.IsAsciiLetterOrDigit))
            Oracle.Holds(failure.Scope == OpFailureScope.Reference, $"a name alone concerns {failure.Scope}");
        foreach (var named in NamedReferences.In(message, references))
        {
            Oracle.Holds(references.Contains(named), "somebody is named who was not asked for");
            Oracle.Holds(message.Contains(named.Item, StringComparison.OrdinalIgnoreCase) || message.Contains(named.Vault, StringComparison.OrdinalIgnoreCase), $"{named.Text} is blamed, and not named");
        }
    }

    private static string Word(Choices choices) => choices.Chance(10) ? Words.Piece(choices) : choices.Of(Names);
}
