using System.Text;
using Opx.TestKit;

namespace Opx.Daemon.Tests.Backends.Vault;

/// <summary>Answers that are not Vault's, or that do not say what lies at a path.</summary>
public sealed class ForeignAnswerTests : IDisposable
{
    private const string Secret = "vault://secret/data/app";
    private const string Version2 = """{"request_id":"r","data":{"data":{"k":"v"},"metadata":{"version":1}}}""";

    private readonly VaultUnderTest _vault = new();

    private ScriptedVault Server => _vault.Server;

    public void Dispose() => _vault.Dispose();

    [Theory]
    [InlineData("#k")]
    [InlineData("")]
    public async Task A_proxys_text_in_place_of_a_written_secret_is_an_error_and_no_value(string key)
    {
        Server.Mount("secret", "secret/data/app").On("secret/data/app", _ => Plain(200, "text/plain", "upstream connect error"));

        Assert.Equal(["backend_error"], await _vault.ReadAsync(Secret + key));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_proxys_page_says_nothing_of_a_secret(int status)
    {
        Server.Mount("secret", "secret/data/app").On("secret/data/app", _ => Plain(status, "text/html", "<html>no</html>"));

        Assert.Equal(["backend_error"], await _vault.ReadAsync(Secret + "#k"));
        Assert.Equal(1, Server.Count("auth/token/lookup-self"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Where_the_mount_is_not_told_a_path_with_data_is_unwrapped_by_its_shape(int status)
    {
        Server.On("sys/internal/ui/mounts/secret/data/app", status, """{"errors":[]}""").On("secret/data/app", 200, Version2).On("secret/data/app?version=1", 200, Version2);

        Assert.Equal(["v", """{"k":"v"}"""], await _vault.ReadAsync(Secret + "#k", Secret));
        Assert.Equal(["v"], await _vault.ReadAsync(Secret + "?version=1#k"));
    }

    [Fact]
    public async Task Where_the_mount_is_not_told_a_secret_of_another_shape_stays_as_it_is()
    {
        Server.On("secret/data/app", 200, """{"request_id":"r","data":{"data":{"k":"v"},"metadata":{},"more":1}}""");

        Assert.Equal(["""{"k":"v"}"""], await _vault.ReadAsync(Secret + "#data"));
    }

    [Fact]
    public async Task A_deleted_version_is_said_to_be_where_the_mount_is_not_told()
    {
        Server.On("secret/data/app", 404, """{"request_id":"r","data":{"data":null,"metadata":{"deletion_time":"2026-01-01T00:00:00Z","destroyed":false}}}""");

        Assert.Contains("deleted", (await _vault.FailureAsync(Secret + "#k")).Detail);
    }

    [Fact]
    public async Task A_standby_for_disaster_recovery_is_said_to_be_one()
    {
        Server.On("auth/token/lookup-self", 400, """{"errors":["path disabled in replication DR secondary mode"]}""");

        var failure = await _vault.FailureAsync(Secret + "#k");

        Assert.Contains("disaster recovery", failure.Detail);
        Assert.Equal(Opx.Protocol.ErrorCode.BackendUnavailable, failure.Code);
    }

    [Fact]
    public async Task A_lease_without_time_is_not_kept()
    {
        Server.Mount("aws", "aws/creds/x", version: null)
            .On("aws/creds/x", 200, """{"request_id":"r","lease_id":"aws/creds/x/1","lease_duration":0,"data":{"k":"v"}}""");

        var outcome = (await _vault.OutcomesAsync("vault://aws/creds/x#k"))[0];

        Assert.Equal(TimeSpan.Zero, outcome.KeepFor);
        outcome.Value!.Dispose();
    }

    [Fact]
    public async Task The_token_that_opx_reads_with_is_nobodys_secret()
    {
        Assert.Equal(["unsupported_ref"], await _vault.ReadAsync("vault://auth/token/lookup-self#id"));
        Assert.Empty(Server.Asked);
    }

    private static Opx.Daemon.Backends.Vault.Exchange.VaultAnswer Plain(int status, string type, string text) =>
        ScriptedVault.Answer(status, Encoding.ASCII.GetBytes(text), type);
}
