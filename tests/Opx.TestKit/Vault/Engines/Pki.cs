using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Engines;

/// <summary>
/// An authority's certificate as bytes that are not JSON (api-docs/secret/pki "Read CA certificate", builtin/logical/pki/path_fetch.go): <c>ca</c> is DER,
/// <c>ca/pem</c> and <c>ca_chain</c> are PEM without a last newline; none of them asks for a token; without an authority they are 204.
/// </summary>
internal sealed class Pki(TimeProvider clock) : IVaultMount
{
    private X509Certificate2? _authority;

    public string Type => "pki";

    public bool IsOpen(string rest) => rest is "ca" or "ca/pem" or "ca_chain" or "crl" or "crl/pem";

    public VaultAnswer Handle(VaultCall call) => (call.Rest, call.Method) switch
    {
        ("root/generate/internal", "POST") => Generate(call),
        ("ca", "GET") => Raw("application/pkix-cert", _authority?.RawData),
        ("ca/pem", "GET") => Raw("application/pem-certificate-chain", Pem()),
        ("ca_chain", "GET") => Raw("application/pkix-cert", Pem()),
        ("cert/ca", "GET") when _authority is not null => VaultAnswer.Of(new JsonObject
        {
            ["certificate"] = _authority.ExportCertificatePem(),
            ["revocation_time"] = 0,
            ["revocation_time_rfc3339"] = "",
        }),
        _ => VaultAnswer.NotFound,
    };

    private static VaultAnswer Raw(string type, byte[]? body) =>
        body is null ? VaultAnswer.NoContent : new VaultAnswer(200) { Raw = body, ContentType = type };

    private byte[]? Pem() => _authority is null ? null : Encoding.ASCII.GetBytes(_authority.ExportCertificatePem().Trim());

    private VaultAnswer Generate(VaultCall call)
    {
        if (call.Text("common_name") is not { Length: > 0 } name)
            return VaultAnswer.BadRequest("the common_name field is required, or must be provided in a CSR with \"use_csr_common_name\" set to true");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = clock.GetUtcNow();
        _authority = request.CreateSelfSigned(now.AddMinutes(-1), now + TokenStore.DefaultTtl);
        return VaultAnswer.Of(new JsonObject
        {
            ["certificate"] = _authority.ExportCertificatePem(),
            ["expiration"] = new DateTimeOffset(_authority.NotAfter.ToUniversalTime()).ToUnixTimeSeconds(),
            ["issuing_ca"] = _authority.ExportCertificatePem(),
            ["serial_number"] = string.Join(':', Convert.FromHexString(_authority.SerialNumber).Select(octet => octet.ToString("x2"))),
        });
    }
}
