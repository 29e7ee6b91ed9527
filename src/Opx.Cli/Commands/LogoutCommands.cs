using System.CommandLine;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx logout vault|bao</c>: the token is revoked and forgotten, with everything that was read with it.</summary>
internal static class LogoutCommands
{
    public static Command Create() => new("logout", "Sign out of a backend and revoke its token.")
    {
        new BackendLogoutCommand("vault", "HashiCorp Vault"),
        new BackendLogoutCommand("bao", "OpenBao"),
    };

    private sealed class BackendLogoutCommand : Command, IOpxCommand
    {
        private readonly Option<bool> _json = Report.JsonOption();

        public BackendLogoutCommand(string backend, string product)
            : base(backend, $"Sign out of {product}.\nReferences in config.json stay: the next read signs in again.")
        {
            Options.Add(_json);
        }

        public int Run(Invocation invocation)
        {
            // Without a daemon there is no token that could be given back.
            using var client = invocation.Connect(mayStart: false);
            var answer = client.Logout(new LogoutRequest(Name));
            if (answer.Value is not { } response)
                throw new FailureException(answer.Problem!);
            var report = new Report(invocation, _json);
            report.Fact("backend", Name);
            report.Fact("revoked", response.Revoked);
            report.Say(response.Revoked ? "signed out, token revoked"
                : "signed out; nothing was revoked: opx had no token of its own, or the server did not answer");
            return report.Print();
        }
    }
}
