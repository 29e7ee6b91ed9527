using System.Runtime.CompilerServices;
using System.Text;
using Opx.Cli.Commands;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Client;
using Opx.Protocol;

namespace Opx.Cli.DropIn;

/// <summary>
/// opx under the name of <c>op</c>: <c>op read</c>, <c>op run</c> and <c>op inject</c> are answered as op would, everything else is the real
/// op's. For the daemon it is opx, whatever it is called: it goes by the file that runs.
/// </summary>
internal sealed class OpDropIn(Surroundings around, SignalState signals)
{
    // Whoever brings an identity of their own wants that one, which the daemon, started by another shell, may not have.
    private static readonly string[] OwnIdentity = ["OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN"];

    /// <summary>True where this process was called by the name of <c>op</c>.</summary>
    public static bool IsCalled()
    {
        // Under a JIT the first word is the assembly's path; what was called is with the kernel.
        var name = RuntimeFeature.IsDynamicCodeCompiled
            ? Encoding.UTF8.GetString(NativeProcess.FirstArgument())
            : Environment.GetCommandLineArgs()[0];
        return Path.GetFileName(name) == "op";
    }

    public int Run(string[] words)
    {
        try
        {
            // The daemon itself asks, and wants another answer than its own; and what is not text to us may be to op.
            if (around.IsAskedByDaemon || NativeProcess.Undecodable(words) is not null
                || OwnIdentity.Any(name => around.NonEmpty(name) is not null) || OpCall.Parse(words) is not { } call)
                throw RealOp.Become(NativeProcess.LastArguments(words.Length + 1), around, signals);
            // What is no reference, and a file that it would ask about before it writes over it, are op's to speak of.
            if (call.Verb == OpVerb.Read && (call.Reference.Count(letter => letter == '/') < 4 || SecretReference.Parse(call.Reference, out _) is null))
                throw RealOp.Become(NativeProcess.LastArguments(words.Length + 1), around, signals);
            if (call.OutFile is { } file && !call.Force && File.Exists(file))
                throw RealOp.Become(NativeProcess.LastArguments(words.Length + 1), around, signals);
            var account = call.Account ?? around.NonEmpty("OP_ACCOUNT");
            var invocation = new Invocation(new OpxCommand(_ => false).Parse([]), account, IsQuiet: false, call.ChildWords, around);
            return call.Verb switch
            {
                OpVerb.Read => Read(call, invocation),
                OpVerb.Run => Execute(call, invocation),
                _ => Inject(call, invocation),
            };
        }
        catch (FailureException failure)
        {
            foreach (var line in failure.Lines)
                Say(line);
            return failure.ExitCode is ExitCode.CannotExecute or ExitCode.CommandNotFound ? failure.ExitCode : ExitCode.Failed;
        }
        catch (Exception error) when (error is DaemonUnreachableException or OpxPathException or UsageException or IOException or UnauthorizedAccessException)
        {
            Say(error.Message);
            return ExitCode.Failed;
        }
    }

    private static int Read(OpCall call, Invocation invocation)
    {
        var value = Ask(invocation, [call.Reference]).Value(call.Reference);
        return Write(call, call.ExactValue ? value : [.. value, (byte)'\n']);
    }

    private static int Inject(OpCall call, Invocation invocation)
    {
        var text = call.InFile is { } file ? InputFile.Read(file, "a template") : InputFile.ReadStandard("a template");
        var template = OpTemplate.Parse(text, invocation.Around.Variable);
        return Write(call, template.Fill(Ask(invocation, template.References).Value));
    }

    private int Execute(OpCall call, Invocation invocation)
    {
        var words = NativeProcess.LastArguments(call.ChildWords);
        var inherited = NativeProcess.Environment();
        var files = EnvFileOption.Load(call.EnvFiles, inherited);
        var assignments = Assignment.LastOfEach([.. ChildEnvironment.References(inherited, Expand), .. files]);
        var batch = Ask(invocation, assignments.Select(assignment => assignment.Reference).OfType<string>());
        var environment = new ChildEnvironment(inherited);
        foreach (var assignment in assignments)
            environment.Set(assignment.Name, assignment.Text ?? batch.Value(assignment.Reference!));
        if (call.IsUnmasked ?? OpCall.Truth(around.Variable("OP_RUN_NO_MASKING")))
        {
            batch.Wipe();
            throw new Replacement(around.Inherited, signals).Execute(words, environment.Entries);
        }

        return new MaskedRun([.. batch.References.Select(batch.Value)]).Run(words, environment.Entries, around.Inherited, signals);

        string Expand(string reference) => OpTemplate.Expand(reference, around.Variable);
    }

    private static Batch Ask(Invocation invocation, IEnumerable<string> references)
    {
        var batch = Batch.Read(invocation, references);
        return batch.References.FirstOrDefault(reference => batch[reference].Problem is not null) is { } failed
            ? throw new FailureException(ExitCode.Failed, $"could not read secret '{Printable.Text(failed)}': {Printable.Text(batch[failed].Problem!.Detail)}")
            : batch;
    }

    /// <summary>To standard output; or to the file, whose path is then printed.</summary>
    private static int Write(OpCall call, byte[] bytes)
    {
        if (call.OutFile is not { } file)
            return StandardStreams.Print(bytes);
        OutputFile.Write(file, OutputFile.ParseMode(call.FileMode ?? OutputFile.DefaultMode), bytes);
        return StandardStreams.Print(Path.GetFullPath(file) + "\n");
    }

    // As op says it.
    private static void Say(string line) =>
        Messages.Raw($"[ERROR] {TimeProvider.System.GetLocalNow():yyyy/MM/dd HH:mm:ss} {line}\n");
}
