using System.Security.Cryptography.X509Certificates;

namespace Opx.TestKit.Vault.Methods;

/// <summary>Client certificates (api-docs/auth/cert; builtin/credential/cert/path_login.go): the connection's certificate is one that was entered, or
/// was issued by it.</summary>
internal sealed class CertMethod(TokenStore tokens) : IVaultMount
{
    private readonly Dictionary<string, (X509Certificate2 Trusted, TokenSettings Settings)> _entries = [];

    public string Type => "cert";

    public bool IsOpen(string rest) => rest == "login";

    public VaultAnswer Handle(VaultCall call)
    {
        switch (call.Segments, call.Method)
        {
            case (["login"], "POST"):
                return Login(call);
            case (["certs", var name], "POST"):
                _entries[name] = (X509Certificate2.CreateFromPem(call.Text("certificate")), TokenSettings.Of(call));
                return VaultAnswer.NoContent;
            default:
                return VaultAnswer.Unsupported;
        }
    }

    private VaultAnswer Login(VaultCall call)
    {
        if (!call.IsTls)
            return VaultAnswer.BadRequest("tls connection required");
        if (call.Certificate is not { } shown)
            return VaultAnswer.BadRequest("client certificate must be supplied");
        var asked = call.Text("name");
        foreach (var (name, entry) in _entries)
        {
            if ((asked.Length > 0 && asked != name) || !IsTrusted(shown, entry.Trusted))
                continue;
            return new VaultAnswer(200)
            {
                Auth = tokens.ForLogin(call, $"cert-{name}", entry.Settings, new()
                {
                    ["authority_key_id"] = "",
                    ["cert_name"] = name,
                    ["common_name"] = shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
                    ["serial_number"] = new System.Numerics.BigInteger(shown.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString(),
                    ["subject_key_id"] = "",
                }),
            };
        }

        return VaultAnswer.BadRequest("invalid certificate or no client certificate supplied");
    }

    private bool IsTrusted(X509Certificate2 shown, X509Certificate2 trusted)
    {
        if (shown.RawDataMemory.Span.SequenceEqual(trusted.RawDataMemory.Span))
            return true;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = tokens.Now.UtcDateTime;
        return chain.Build(shown);
    }
}
