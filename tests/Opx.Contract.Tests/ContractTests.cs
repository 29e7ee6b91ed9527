namespace Opx.Contract.Tests;

/// <summary>What the contracts share: a server for each test.</summary>
public abstract class ContractTests(string backend) : IAsyncLifetime
{
    private protected ContractServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ContractServer.StartAsync(backend);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class VaultReading() : ReadingContract("vault");

public sealed class BaoReading() : ReadingContract("bao");

public sealed class VaultLogins() : LoginContract("vault");

public sealed class BaoLogins() : LoginContract("bao");
