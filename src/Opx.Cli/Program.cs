using Opx.Cli.DropIn;
using Opx.Cli.Output;
using Opx.Cli.Running;
using Opx.Client;
using Opx.Protocol;
using Opx.Protocol.Interop;

namespace Opx.Cli;

/// <summary>opx: environment, arguments and paths are read here, once; the rest is told.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        // Before anything secret can be in memory: no core file, and no file that others can read.
        var inherited = InheritedState.TakeOver();
        StandardStreams.Reserve();
        try
        {
            var around = new Surroundings(Environment.GetEnvironmentVariable, ProcessIdentity.EffectiveUserId(), inherited);
            return OpDropIn.IsCalled() ? new OpDropIn(around, SignalState.Remember()).Run(arguments) : CommandLine.Run(arguments, around);
        }
        catch (FailureException failure)
        {
            return failure.Report();
        }
        catch (DaemonUnreachableException unreachable)
        {
            return Messages.Fail(ExitCode.Unreachable, unreachable.Message);
        }
        catch (OpxPathException path)
        {
            return Messages.Fail(ExitCode.Failed, path.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Messages.Fail(ExitCode.Failed, error.Message);
        }
        catch (Exception error)
        {
            // The type alone: the text of an exception nobody expected may quote what it worked on.
            return Messages.Fail(
                ExitCode.Failed, $"internal error ({error.GetType().Name}): please report it with the command you ran, without its values");
        }
    }
}
