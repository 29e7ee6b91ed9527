using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx inject</c>: a template with values in it.</summary>
internal sealed class InjectCommand : Command, IOpxCommand
{
    private readonly Option<string> _input = new("--input", "-i")
    {
        HelpName = "FILE",
        Description = "The template; standard input unless given.",
    };

    private readonly OutputOptions _output = new();

    public InjectCommand()
        : base("inject", "Fill '{{ op://vault/item/field }}' in a template.")
    {
        Options.Add(_input);
        _output.AddTo(this);
    }

    public int Run(Invocation invocation)
    {
        _output.Check(invocation);
        var file = invocation.Value(_input);
        var template = Template.Parse(Text(file), file ?? "standard input");
        var batch = Batch.Read(invocation, template.References);
        return batch.Failure() is { } failure ? throw failure : _output.Write(invocation, template.Fill(batch.Value));
    }

    private static byte[] Text(string? file)
    {
        if (file is null)
            return InputFile.ReadStandard("a template");
        try
        {
            return InputFile.Read(file, "a template");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FailureException(
                ExitCode.Failed, $"cannot read the template {Printable.Text(file)}: {Printable.Text(error.Message)}");
        }
    }
}
