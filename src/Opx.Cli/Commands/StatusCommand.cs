using System.CommandLine;
using System.Text.Json;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx status</c>: what a daemon says of itself. It never starts one.</summary>
internal sealed class StatusCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = new("--json")
    { Arity = ArgumentArity.Zero, Description = "Print the body of /v1/status as it is." };

    public StatusCommand()
        : base("status", "Say whether a daemon runs, and its backend, cache and session.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect(mayStart: false);
        var answer = client.Status();
        VersionSkew.Note(invocation, client.DaemonVersion, failed: !invocation.Value(_json));
        if (answer.Value is not { } body)
            throw new FailureException(answer.Problem!);
        if (invocation.Value(_json))
            return StandardStreams.Print(body.Json is [.., (byte)'\n'] ? body.Json : [.. body.Json, (byte)'\n']);
        try
        {
            using var status = JsonDocument.Parse(body.Json);
            return StandardStreams.Print(Screen.Of(invocation.Around).Fit(StatusText.Of(status.RootElement)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new FailureException(ExitCode.Failed,
                "the daemon's status cannot be understood: another version may be running; 'opx daemon restart' starts this one's");
        }
    }
}
