namespace Opx.TestKit.Vault.Methods;

/// <summary>Names and passwords (api-docs/auth/userpass; builtin/credential/userpass/path_login.go). A wrong one is a 400.</summary>
internal sealed class UserPass(TokenStore tokens) : IVaultMount
{
    private readonly Dictionary<string, (string Password, TokenSettings Settings)> _users = [];

    public string Type => "userpass";

    public bool IsOpen(string rest) => rest.StartsWith("login/", StringComparison.Ordinal);

    public VaultAnswer Handle(VaultCall call) => (call.Segments, call.Method) switch
    {
        (["login", var name], "POST") => Login(name.ToLowerInvariant(), call),
        (["users", var name], "POST") => Put(name.ToLowerInvariant(), call),
        (["users", var name], "DELETE") => Remove(name.ToLowerInvariant()),
        (["users", var name, "password"], "POST") => ChangePassword(name.ToLowerInvariant(), call),
        _ => VaultAnswer.Unsupported,
    };

    private VaultAnswer Login(string name, VaultCall call)
    {
        if (call.Text("password") is not { Length: > 0 } password)
            return VaultAnswer.Failure(500, "1 error occurred:\n\t* missing password\n\n");
        return _users.TryGetValue(name, out var user) && user.Password == password
            ? new VaultAnswer(200) { Auth = tokens.ForLogin(call, $"userpass-{name}", user.Settings, new() { ["username"] = name }) }
            : VaultAnswer.BadRequest("invalid username or password");
    }

    private VaultAnswer Put(string name, VaultCall call)
    {
        if (call.Text("password") is not { Length: > 0 } password)
            return VaultAnswer.BadRequest("missing password");
        _users[name] = (password, TokenSettings.Of(call));
        return VaultAnswer.NoContent;
    }

    private VaultAnswer ChangePassword(string name, VaultCall call)
    {
        if (_users.TryGetValue(name, out var user))
            _users[name] = user with { Password = call.Text("password") };
        return VaultAnswer.NoContent;
    }

    private VaultAnswer Remove(string name)
    {
        _users.Remove(name);
        return VaultAnswer.NoContent;
    }
}
