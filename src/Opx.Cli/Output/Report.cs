using System.CommandLine;
using System.Text.Json;
using Opx.Protocol;

namespace Opx.Cli.Output;

/// <summary>What a command says of what it did: lines for people, one object with <c>--json</c>, nothing with <c>--quiet</c>.</summary>
internal sealed class Report(Invocation invocation, Option<bool>? json = null)
{
    private readonly List<string> _lines = [];
    private readonly List<(string Name, Action<Utf8JsonWriter> Write)> _members = [];

    /// <summary>Neither <c>--json</c> nor <c>--quiet</c>: what is printed is read by somebody.</summary>
    public bool IsForPeople => !IsJson && !invocation.IsQuiet;

    private bool IsJson => json is not null && invocation.Value(json);

    public static Option<bool> JsonOption() => new("--json")
    { Arity = ArgumentArity.Zero, Description = "Say what was done as JSON." };

    /// <summary>A line about something that was done or found.</summary>
    public void Say(string line) => _lines.Add(line);

    /// <summary>A fact for programs alone.</summary>
    public void Fact(string name, string value) => Set(name, writer => writer.WriteString(name, value));

    public void Fact(string name, bool value) => Set(name, writer => writer.WriteBoolean(name, value));

    public void Fact(string name, long value) => Set(name, writer => writer.WriteNumber(name, value));

    /// <returns>The exit code: the given one, unless it could not be written.</returns>
    public int Print(int exitCode = ExitCode.Done)
    {
        if (invocation.IsQuiet && !IsJson)
            return exitCode;
        var printed = IsJson ? StandardStreams.Print(Json()) : StandardStreams.Print(Screen.Of(invocation.Around).Fit(string.Concat(_lines.Select(line => line + "\n"))));
        return printed == ExitCode.Done ? exitCode : printed;
    }

    // What is said later of the same thing holds.
    private void Set(string name, Action<Utf8JsonWriter> write)
    {
        _members.RemoveAll(member => member.Name == name);
        _members.Add((name, write));
    }

    private byte[] Json()
    {
        var bytes = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            foreach (var (_, write) in _members)
                write(writer);
            writer.WriteStartArray("messages");
            foreach (var line in _lines)
                writer.WriteStringValue(line);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return [.. bytes, (byte)'\n'];
    }
}
