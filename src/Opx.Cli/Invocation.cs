using System.CommandLine;
using Opx.Cli.Services;
using Opx.Client;

namespace Opx.Cli;

/// <summary>A command line that was understood.</summary>
/// <param name="Account">Of <c>--account</c>, wherever it stood.</param>
/// <param name="IsQuiet">Nothing is said but what was asked for, and errors.</param>
/// <param name="ChildWords">How many words follow <c>--</c>; null where there is none. Only <c>run</c> has a child.</param>
internal sealed record Invocation(ParseResult Parse, string? Account, bool IsQuiet, int? ChildWords, Surroundings Around)
{
    public T? Value<T>(Option<T> option) => Parse.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Parse.GetValue(argument);

    public bool Has(Option option) => Parse.GetResult(option) is { Implicit: false };

    /// <exception cref="DaemonUnreachableException">None runs and none may be started; connecting where systemd listens would start one.</exception>
    public DaemonClient Connect(bool mayStart = true)
    {
        var options = Around.Client(mayStart);
        return mayStart || !Supervision.IsWaiting(Around, options) ? DaemonClient.Connect(options)
            : throw new DaemonUnreachableException("no daemon is running (systemd listens, and starts one for the first client)", true);
    }
}

/// <summary>A command of the tree that does something itself.</summary>
internal interface IOpxCommand
{
    /// <returns>The exit code.</returns>
    int Run(Invocation invocation);
}
