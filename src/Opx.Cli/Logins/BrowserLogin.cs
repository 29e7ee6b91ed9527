using System.Net;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Logins;

/// <summary>A login in a browser: the daemon asks the server for an address, the person signs in there, the browser comes back here with a code, and the
/// daemon trades it for a token.</summary>
internal sealed record BrowserLogin(Invocation Invocation, LoginPlan Plan, LoginTarget Target, int Port, bool MayOpen)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <exception cref="FailureException">It did not work.</exception>
    public LoginResponse Run()
    {
        using var listener = new CallbackListener(Port);
        var address = Begin(listener.RedirectUri);
        var state = StateOf(address)
            ?? throw new FailureException(ExitCode.Unreachable, "the server's login address has no state in it: it cannot be told from a forged one");
        Messages.Error($"sign in at {Printable.Text(address, 8_192)}");
        if (MayOpen)
            Browser.Open(address, Invocation.Around);

        var (request, browser) = listener.Wait(state, Patience, TimeProvider.System);
        using (request)
        {
            try
            {
                var response = End(request);
                CallbackListener.Say(browser, 200, "opx is signed in. You can close this window.");
                return response;
            }
            catch (FailureException)
            {
                CallbackListener.Say(browser, 200, "opx is not signed in: the terminal says why.");
                throw;
            }
        }
    }

    /// <summary>The state that goes through the browser and has to come back.</summary>
    internal static string? StateOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url)
        ? url.Query.TrimStart('?').Split('&').Where(part => part.StartsWith("state=", StringComparison.Ordinal))
            .Select(part => WebUtility.UrlDecode(part["state=".Length..])).FirstOrDefault(state => state.Length > 0)
        : null;

    private string Begin(string redirect)
    {
        using var client = Invocation.Connect();
        var answer = client.BeginLogin(new OidcLoginRequest(Plan.Backend, redirect)
        {
            Mount = Target.Mount,
            Role = Target.Role,
            Address = Target.Address,
            Namespace = Target.Namespace,
        });
        var address = answer.Value?.AuthUrl ?? throw new FailureException(answer.Problem!);
        return Browser.Fault(address) is { } fault ? throw new FailureException(ExitCode.Unreachable, fault) : address;
    }

    // A connection of its own: a person takes longer than the daemon keeps one that says nothing.
    private LoginResponse End(CallbackRequest callback)
    {
        if (callback.IsRefusal || callback.Code is not { Length: > 0 } code)
            throw new FailureException(ExitCode.Locked, "the identity provider did not let you in: try again");
        using var client = Invocation.Connect();
        using var request = new LoginRequest(
            Plan.Backend, Plan.Method, new Dictionary<string, byte[]> { [LoginFields.State] = callback.State!, [LoginFields.Code] = code }, Plan.Refs)
        {
            Mount = Target.Mount,
            Role = Target.Role,
            Address = Target.Address,
            Namespace = Target.Namespace,
        };
        var answer = client.Login(request);
        return answer.Value ?? throw new FailureException(answer.Problem!);
    }
}
