using System.CommandLine;
using System.Text.Json;
using Opx.Cli.Output;

namespace Opx.Cli.Commands;

/// <summary><c>opx login status</c>: how opx is signed in to the backends that it signs in to. It never starts a daemon.</summary>
internal sealed class LoginStatusCommand : Command, IOpxCommand
{
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "Print it as JSON, one object a backend." };

    public LoginStatusCommand()
        : base("status", "Say how opx is signed in to Vault and OpenBao: never a secret.")
    {
        Options.Add(_json);
    }

    public int Run(Invocation invocation)
    {
        using var client = invocation.Connect(mayStart: false);
        var answer = client.Status();
        if (answer.Value is not { } body)
            throw new FailureException(answer.Problem!);
        try
        {
            using var status = JsonDocument.Parse(body.Json);
            return StandardStreams.Print(invocation.Value(_json) ? LoginText.Json(status.RootElement) : Screen.Of(invocation.Around).Fit(LoginText.Of(status.RootElement)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new FailureException(ExitCode.Failed,
                "the daemon's status cannot be understood: another version may be running; 'opx daemon restart' starts this one's");
        }
    }
}
