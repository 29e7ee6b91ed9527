using System.Text;
using Opx.Daemon.Backends;
using Opx.Daemon.Backends.Fake;
using Opx.Daemon.Options;
using Opx.Protocol;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends;

public sealed class FakeBackendTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("op://vault/item/field", null, "fake_5eedd2d17c02ba9d")]
    [InlineData("op://vault/item/field", "work", "fake_8b98b0341e7f15a1")]
    public async Task A_value_is_a_digest_of_reference_and_flags(string reference, string? account, string expected)
    {
        var outcomes = await new FakeBackend(_clock).ReadAsync(new BackendBatch([Parse(reference)], account), TestContext.Current.CancellationToken);

        using var value = outcomes.Single().Value;
        Assert.Equal(expected, Encoding.ASCII.GetString(value!.Bytes));
    }

    [Theory]
    [InlineData("multi", "op://a/b/c", "opcli")]
    [InlineData("multi", "vault://a#b", "vault")]
    [InlineData("multi", "bao://a#b", "bao")]
    [InlineData("multi", "a/b/c", "opcli")]
    [InlineData("vault", "vault://a#b", "vault")]
    [InlineData("vault", "a#b", "vault")]
    [InlineData("vault", "op://a/b/c", null)]
    [InlineData("opcli", "bao://a#b", null)]
    [InlineData("fake", "bao://a#b", "fake")]
    public void A_reference_goes_to_the_backend_of_its_scheme_and_to_no_other(string configured, string reference, string? expected)
    {
        var kind = OptionValues.Backend(configured, "test");
        BackendKind[] kinds = kind == BackendKind.Multi ? [BackendKind.OpCli, BackendKind.Vault, BackendKind.Bao] : [kind];
        var router = new BackendRouter(kind, kinds.ToDictionary(each => each, each => (ISecretBackend)new UnconfiguredBackend(each.Name(), "x")));

        var backend = router.Route(Parse(reference), out var problem);

        Assert.Equal(expected, backend?.Name);
        Assert.Equal(expected is null ? ErrorCode.UnsupportedRef : null, problem?.Code);
    }

    [Fact]
    public async Task A_backend_that_is_not_configured_says_so_for_each_read_and_serves_nothing()
    {
        var outcomes = await new UnconfiguredBackend("vault", "set VAULT_ADDR").ReadAsync(
            new BackendBatch([Parse("vault://a"), Parse("vault://b")], null), TestContext.Current.CancellationToken);

        Assert.Equal(2, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal((null, ErrorCode.BackendUnavailable), (outcome.Value, outcome.Failure!.Code)));
        Assert.All(outcomes, outcome => Assert.Contains("set VAULT_ADDR", outcome.Failure!.Detail));
    }

    private static SecretReference Parse(string text) => SecretReference.Parse(text, out _)!;
}
