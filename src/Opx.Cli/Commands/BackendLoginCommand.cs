using System.CommandLine;
using System.CommandLine.Completions;
using Opx.Cli.Logins;
using Opx.Cli.Output;
using Opx.Protocol;

namespace Opx.Cli.Commands;

/// <summary><c>opx login vault</c> and <c>opx login bao</c>: by references, which are written down, or by what is typed, which is not.</summary>
internal sealed class BackendLoginCommand : Command, IOpxCommand
{
    private const int UsualPort = 8250;

    private readonly Option<string?> _method = new("--method")
    {
        HelpName = "METHOD",
        Description = "token, userpass, approle, kubernetes, jwt, cert,\noidc; else what the references say, or token.",
        CompletionSources = { _ => LoginMethods.All.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<string?> _address = new("--address") { HelpName = "URL", Description = "The server; written down with references." };
    private readonly Option<string?> _namespace = new("--namespace") { HelpName = "NAME", Description = "The namespace; likewise." };
    private readonly Option<string?> _mount = new("--mount") { HelpName = "PATH", Description = "Where the method is mounted (its own name)." };
    private readonly Option<string?> _role = new("--role") { HelpName = "NAME", Description = "For kubernetes, jwt, oidc and cert." };
    private readonly Option<int> _port = new("--listen-port")
    { HelpName = "N", DefaultValueFactory = _ => UsualPort, Description = "oidc: where the browser comes back to (8250)." };

    private readonly Option<bool> _noBrowser = new("--no-browser") { Arity = ArgumentArity.Zero, Description = "oidc: print the address, open nothing." };

    private readonly Option<bool> _json = Report.JsonOption();

    private readonly (string Credential, Option<string?> Option)[] _refs;

    public BackendLoginCommand(string backend, string product)
        : base(backend, $"Sign in to {product}.\nWith references: they are read whenever opx needs to sign in, and nothing but\n"
            + "they is written to config.json. Without: asks on the terminal, or reads standard\ninput, a credential a line, and keeps the token in memory.")
    {
        string[] credentials =
        [
            LoginFields.Token, LoginFields.Username, LoginFields.Password, LoginFields.RoleId, LoginFields.SecretId, LoginFields.WrappedSecretId, LoginFields.Jwt,
        ];
        _refs = [.. credentials.Select(name => (name, Reference(name)))];
        foreach (var option in (Option[])[_method, _address, _namespace, _mount, _role, .. _refs.Select(pair => pair.Option), _port, _noBrowser, _json])
            Options.Add(option);
    }

    public int Run(Invocation invocation)
    {
        var refs = _refs.Where(pair => invocation.Value(pair.Option) is not null).ToDictionary(pair => pair.Credential, pair => invocation.Value(pair.Option)!);
        var plan = LoginPlan.Of(Name, invocation.Value(_method), refs);
        var target = new LoginTarget(invocation.Value(_address), invocation.Value(_namespace), invocation.Value(_mount), invocation.Value(_role));
        // Before anybody is asked for a password: a file that cannot be read cannot be written either.
        var file = plan.IsRepeatable ? LoginConfiguration.Of(OpxPaths.From(invocation.Around.Variable), invocation.Around.UserId) : null;
        var response = plan.Method == LoginMethods.Oidc
            ? new BrowserLogin(invocation, plan, target, Port(invocation), !invocation.Value(_noBrowser)).Run()
            : Login(invocation, plan, target);
        file?.Keep(plan, target);
        var report = new Report(invocation, _json);
        report.Fact("backend", Name);
        report.Fact("method", response.Method);
        if (response.ExpiresInSeconds is { } seconds)
            report.Fact("expires_in_seconds", seconds);
        report.Fact("renewable", response.Renewable);
        report.Say(LoginText.Done(Name, response));
        return report.Print();
    }

    private static LoginResponse Login(Invocation invocation, LoginPlan plan, LoginTarget target)
    {
        using var request = new LoginRequest(plan.Backend, plan.Method, TypedCredentials.Read(plan, invocation.Around), plan.Refs)
        {
            Mount = target.Mount,
            Role = target.Role,
            Address = target.Address,
            Namespace = target.Namespace,
        };
        using var client = invocation.Connect();
        var answer = client.Login(request);
        return answer.Value ?? throw new FailureException(answer.Problem!);
    }

    private int Port(Invocation invocation) => invocation.Value(_port) is >= 0 and <= 65_535 and var port
        ? port
        : throw new UsageException("--listen-port wants a number up to 65535");

    private static Option<string?> Reference(string credential) => new(LoginPlan.OptionOf(credential))
    { HelpName = "REF", Description = $"What to read as {credential.Replace('_', ' ')}." };
}
