using System.CommandLine;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx run -- CMD</c>: resolves in one batch, then becomes the command.</summary>
internal sealed class RunCommand : Command, IOpxCommand
{
    private readonly Option<string[]> _variables = new("--env")
    {
        HelpName = "NAME=REF",
        Arity = ArgumentArity.OneOrMore,
        Description = "Set a variable to a reference's value; repeatable.",
    };

    private readonly Option<string[]> _files = EnvFileOption.Create();

    private readonly Option<bool> _leaveEnvironment = new("--no-env-refs")
    {
        Arity = ArgumentArity.Zero,
        Description = "Leave references in the environment as they are.",
    };

    public RunCommand()
        : base("run", "Run a command with secrets in its environment.\nIt replaces opx: same process, terminal, signals and exit status.")
    {
        Options.Add(_variables);
        Options.Add(_files);
        Options.Add(_leaveEnvironment);
    }

    public int Run(Invocation invocation)
    {
        // First of all: later something may have touched them.
        var signals = SignalState.Remember();
        if (invocation.ChildWords is null or 0)
            throw new UsageException("run wants a command after '--': opx run -- CMD");
        var words = NativeProcess.LastArguments(invocation.ChildWords.Value);
        var inherited = NativeProcess.Environment();
        var given = (invocation.Value(_variables) ?? []).Select(Assignment.Parse).ToList();
        var files = EnvFileOption.Load(invocation.Value(_files) ?? [], inherited);
        var found = invocation.Value(_leaveEnvironment) ? [] : ChildEnvironment.References(inherited);
        var assignments = Assignment.LastOfEach([.. found, .. files, .. given]);

        var batch = Batch.Read(invocation, assignments.Select(assignment => assignment.Reference).OfType<string>());
        if (batch.Failure(reference => Label(reference, assignments)) is { } failure)
            throw failure;
        var environment = new ChildEnvironment(inherited);
        foreach (var assignment in assignments)
            environment.Set(assignment.Name, assignment.Text ?? batch.Value(assignment.Reference!));
        batch.Wipe();
        throw new Replacement(invocation.Around.Inherited, signals).Execute(words, environment.Entries);
    }

    /// <summary>The variables that wanted the reference, and the reference.</summary>
    private static string Label(string reference, IReadOnlyList<Assignment> assignments)
    {
        var names = assignments.Where(assignment => assignment.Reference == reference).Select(assignment =>
            Printable.Text(assignment.Name));
        return $"{string.Join(", ", names)}: {reference}";
    }
}
