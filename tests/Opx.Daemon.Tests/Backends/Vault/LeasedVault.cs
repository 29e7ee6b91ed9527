using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>A Vault whose <c>database/creds/…</c> gives each reader another pair (<c>u1</c> and <c>p1</c>, <c>u2</c> …) with a lease of 90 seconds.</summary>
internal sealed class LeasedVault : IDisposable
{
    public const string Path = "database/creds/app";
    public const string Username = $"vault://{Path}#username";
    public const string Password = $"vault://{Path}#password";

    private int _granted;

    public LeasedVault(long keptBytes = 1024 * 1024)
    {
        Vault = new VaultUnderTest(keptBytes: keptBytes);
        Role("app");
        Vault.Server
            .On("sys/leases/revoke", _ => ScriptedVault.Answer(204, [], null))
            .On("sys/leases/renew", 200, """{"request_id":"r","renewable":true,"lease_duration":90}""");
    }

    public VaultUnderTest Vault { get; }

    public bool IsRenewable { get; set; } = true;

    /// <summary>Asked for before a lease is granted, with the number it is going to have.</summary>
    public Func<int, Task> BeforeGrant { get; set; } = _ => Task.CompletedTask;

    public int Granted => _granted;

    public int Renewals => Vault.Server.Count("sys/leases/renew");

    public int Revocations => Vault.Server.Count("sys/leases/revoke");

    /// <summary>One more role; says its path.</summary>
    public string Role(string name)
    {
        var path = $"database/creds/{name}";
        Vault.Server.Mount("database", path, version: null).On(path, async _ =>
        {
            var number = Interlocked.Increment(ref _granted);
            await BeforeGrant(number);
            return ScriptedVault.Json(200, Body(path, number));
        });
        return path;
    }

    /// <summary>Until these leases of the first role have been given back, and no others.</summary>
    public async Task UntilRevokedAsync(params string[] numbers)
    {
        await UntilAsync(() => Revocations == numbers.Length);
        Assert.Equal(
            numbers.Select(number => $$"""{"lease_id":"{{Path}}/{{number}}"}"""),
            Vault.Server.Asked.Where(asked => asked.Path == "sys/leases/revoke").Select(asked => asked.Body!));
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "it never came to pass");
            await Task.Yield();
        }
    }

    public void Dispose() => Vault.Dispose();

    private string Body(string path, int number) =>
        $$$"""{"request_id":"r","lease_id":"{{{path}}}/{{{number}}}","renewable":{{{(IsRenewable ? "true" : "false")}}},"lease_duration":90,"""
        + $$$"""{{{"\"data\":"}}}{"username":"u{{{number}}}","password":"p{{{number}}}"}}""";
}
