using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Opx.Protocol;

/// <summary><c>POST /v1/resolve</c>: names of variables and the references they stand for; all or nothing.</summary>
/// <param name="Env">In the order they were given.</param>
public sealed record ResolveRequest(IReadOnlyList<KeyValuePair<string, string>> Env, string? Account = null, bool Fresh = false)
{
    public static Parsed<ResolveRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("env");
        foreach (var (name, reference) in Env)
            writer.WriteString(name, reference);
        writer.WriteEndObject();
        RequestOptions.Write(writer, Account, Fresh);
        writer.WriteEndObject();
    }

    private static ResolveRequest Read(ref Utf8JsonReader reader)
    {
        List<KeyValuePair<string, string>>? env = null;
        var options = new RequestOptions();
        var seen = false;
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member == "env")
            {
                JsonShape.Once(ref seen, member);
                env = ReadEnv(ref reader);
            }
            else if (!options.Take(ref reader, member))
            {
                throw JsonShape.Unknown(member);
            }
        }

        return new ResolveRequest(env ?? throw JsonShape.Missing("env"), options.Account, options.Fresh);
    }

    private static List<KeyValuePair<string, string>> ReadEnv(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonShape.Malformed("'env' must be an object of names and references");
        var env = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>();
        while (JsonShape.NextMember(ref reader) is { } name)
        {
            if (!VariableName.IsValid(name))
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' is no name for a variable: [A-Za-z_][A-Za-z0-9_]* is");
            if (!names.Add(name))
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' appears twice in 'env'");
            if (env.Count == Limits.References)
                throw new MalformedBodyException(ErrorCode.TooLarge, $"'env' may hold at most {Limits.References} entries");
            env.Add(new(name, JsonShape.String(ref reader, name)));
        }

        return env;
    }
}

/// <summary>The answer to <c>/v1/resolve</c>: <c>env</c> with a value per name; a value that is not UTF-8 stands in <c>env_base64</c>, beside an
/// empty one in <c>env</c>.</summary>
public static class ResolveResponse
{
    public delegate ReadOnlySpan<byte> ValueOf(int index);

    /// <summary>Writes the whole object from the values' bytes.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<string> names, ValueOf valueOf)
    {
        List<(string Name, int Index)>? binary = null;
        var index = 0;
        writer.WriteStartObject();
        writer.WriteStartObject("env");
        foreach (var name in names)
        {
            var value = valueOf(index);
            if (Utf8.IsValid(value))
            {
                SecretJson.WriteText(writer, name, value);
            }
            else
            {
                writer.WriteString(name, "");
                (binary ??= []).Add((name, index));
            }

            index++;
        }

        writer.WriteEndObject();
        if (binary is not null)
        {
            writer.WriteStartObject("env_base64");
            foreach (var (name, at) in binary)
                SecretJson.WriteBase64(writer, name, valueOf(at));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
