using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx read</c>: the values, and nothing else, on standard output.</summary>
internal sealed class ReadCommand : Command, IOpxCommand
{
    private readonly Argument<string[]> _references = new("REF")
    {
        HelpName = "REF…",
        Arity = ArgumentArity.OneOrMore,
        Description = "References such as op://vault/item/field.",
    };

    private readonly Option<bool> _exact = new("--no-newline", "-n")
    {
        Arity = ArgumentArity.Zero,
        Description = "Print exactly the value: add no newline.",
    };

    private readonly Option<bool> _json = new("--json")
    { Arity = ArgumentArity.Zero, Description = "Print all results and errors as JSON." };
    private readonly Option<bool> _fresh = new("--fresh") { Arity = ArgumentArity.Zero, Description = "Ask the backend, not the cache." };
    private readonly OutputOptions _output = new();

    public ReadCommand()
        : base("read", "Print the values of references, one a line, in the order given.")
    {
        Arguments.Add(_references);
        Options.Add(_exact);
        Options.Add(_json);
        Options.Add(_fresh);
        _output.AddTo(this);
    }

    public int Run(Invocation invocation)
    {
        _output.Check(invocation);
        var references = invocation.Value(_references)!;
        var batch = Batch.Read(invocation, references, invocation.Value(_fresh));
        var failure = batch.Failure();
        if (invocation.Value(_json))
        {
            var written = _output.Write(invocation, Json(batch));
            return failure?.ExitCode ?? written;
        }

        if (failure is not null)
            throw failure;
        var text = Text(references, batch.Value, invocation.Value(_exact));
        return _output.Write(invocation, text);
    }

    /// <summary>Each value and a newline unless it ends in one; <paramref name="exact"/>: not after the last.</summary>
    public static ReadOnlySpan<byte> Text(IReadOnlyList<string> references, Func<string, byte[]> value, bool exact)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(1, references.Sum(reference => value(reference).Length + 1)));
        for (var i = 0; i < references.Count; i++)
        {
            var bytes = value(references[i]);
            text.Write(bytes);
            if (bytes is not [.., (byte)'\n'] && !(exact && i == references.Count - 1))
                text.Write("\n"u8);
        }

        return text.WrittenSpan;
    }

    /// <summary>As the answer to <c>/v1/reads</c>, in the order given, and a newline.</summary>
    public static byte[] Json(Batch batch)
    {
        var json = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("results");
            foreach (var reference in batch.References)
            {
                writer.WritePropertyName(reference);
                Write(writer, reference, batch[reference]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return [.. json, (byte)'\n'];
    }

    private static void Write(Utf8JsonWriter writer, string reference, ReadResult result)
    {
        if (result.Response is { } read)
            ReadResponse.Write(writer, reference, read.Value, read.FromCache, read.ExpiresInSeconds, read.ResolvedAtUnix);
        else
            ReadsResponse.WriteError(writer, reference, result.Problem!);
    }
}
