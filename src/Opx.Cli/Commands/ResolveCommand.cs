using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx resolve</c>: variables with the values of references, in a form that another program reads.</summary>
internal sealed class ResolveCommand : Command, IOpxCommand
{
    private const string Formats = "env|export|json|null";

    private readonly Argument<string[]> _variables = new("NAME=REF")
    {
        HelpName = "NAME=REF…",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Variables and their references.",
    };

    private readonly Option<string[]> _files = EnvFileOption.Create();

    private readonly Option<string> _format = new("--format")
    {
        HelpName = Formats,
        Description = "env (the default) and export are safe for eval.",
    };

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "The same as --format json." };

    private readonly Option<bool> _fresh = new("--fresh") { Arity = ArgumentArity.Zero, Description = "Ask the backend, not the cache." };

    public ResolveCommand()
        : base("resolve", "Print variables with the values of their references.")
    {
        Arguments.Add(_variables);
        Options.Add(_files);
        Options.Add(_format);
        Options.Add(_json);
        Options.Add(_fresh);
    }

    public int Run(Invocation invocation)
    {
        if (invocation.Value(_json) && invocation.Value(_format) is not (null or "json"))
            throw new UsageException("--json and another --format exclude each other");
        var format = invocation.Value(_json) ? "json" : invocation.Value(_format) ?? "env";
        if (!Formats.Split('|').Contains(format))
            throw new UsageException($"--format wants {Formats}, not '{Printable.Text(format)}'");
        var words = invocation.Value(_variables) ?? [];
        var given = words.Select(Assignment.Parse).ToList();
        var files = invocation.Value(_files) ?? [];
        if (words.Length == 0 && files.Length == 0)
            throw new UsageException("resolve wants NAME=REF or --env-file FILE");
        IReadOnlyList<byte[]> environment = files.Length > 0 ? NativeProcess.Environment() : [];
        var assignments = Assignment.LastOfEach([.. EnvFileOption.Load(files, environment), .. given]);

        var references = assignments.Select(assignment => assignment.Reference).OfType<string>();
        var batch = Batch.Read(invocation, references, invocation.Value(_fresh));
        if (batch.Failure() is { } failure)
            throw failure;
        return StandardStreams.Print(Render(format, assignments, batch.Value));
    }

    /// <exception cref="FailureException">A value that the format cannot carry.</exception>
    public static byte[] Render(string format, IReadOnlyList<Assignment> assignments, Func<string, byte[]> value)
    {
        byte[] Of(Assignment assignment) => assignment.Text ?? value(assignment.Reference!);
        if (format == "json")
            return Json(assignments, Of);
        var text = new ArrayBufferWriter<byte>();
        foreach (var assignment in assignments)
        {
            var bytes = Of(assignment);
            if (bytes.Contains((byte)0))
                throw new FailureException(
                    ExitCode.Failed, $"the value of {assignment.Name} holds a NUL byte, which no variable can: use 'opx read -o FILE REF'");
            if (format == "export")
                text.Write("export "u8);
            text.Write(Encoding.ASCII.GetBytes(assignment.Name));
            text.Write("="u8);
            if (format == "null")
                text.Write(bytes);
            else
                ShellQuote.Write(bytes, text);
            text.Write(format == "null" ? "\0"u8 : "\n"u8);
        }

        return text.WrittenSpan.ToArray();
    }

    private static byte[] Json(IReadOnlyList<Assignment> assignments, Func<Assignment, byte[]> value)
    {
        foreach (var assignment in assignments)
        {
            if (!Utf8.IsValid(value(assignment)))
                throw new FailureException(
                    ExitCode.Failed, $"the value of {assignment.Name} is not UTF-8 and cannot stand in JSON: use --format null");
        }

        var json = ProtocolJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            foreach (var assignment in assignments)
                SecretJson.WriteText(writer, assignment.Name, value(assignment));
            writer.WriteEndObject();
        });
        return [.. json, (byte)'\n'];
    }
}
