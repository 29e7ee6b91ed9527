using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Policy;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx policy list</c>: the rules, with the numbers that decisions name.</summary>
internal sealed class PolicyListCommand : Command, IOpxCommand
{
    private readonly Option<string?> _policy = PolicyLocation.Option();

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "Print the rules as JSON." };

    public PolicyListCommand()
        : base("list", "Print the rules.")
    {
        Options.Add(_json);
        Options.Add(_policy);
    }

    public int Run(Invocation invocation)
    {
        var path = PolicyLocation.Of(invocation, _policy);
        var load = PolicyFile.Read(path, invocation.Around.UserId);
        if (load?.Fault is { } fault)
            throw new FailureException(ExitCode.Of(ErrorCode.PolicyInvalid), $"every read is refused: {fault}");
        var screen = Screen.Of(invocation.Around);
        if (load?.Document is { } document)
            return StandardStreams.Print(invocation.Value(_json) ? PolicyText.Json(document) : screen.Fit(PolicyText.Of(document)));
        return StandardStreams.Print(invocation.Value(_json)
            ? "{\"policy_path\":null,\"default_deny\":false,\"deny\":[],\"allow\":[]}\n"
            : screen.Fit($"no policy: {Printable.Text(path)} does not exist, and your processes may read everything\n"));
    }
}
