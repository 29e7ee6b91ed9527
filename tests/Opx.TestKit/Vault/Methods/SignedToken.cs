using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Opx.TestKit.Vault.Methods;

/// <summary>A JSON Web Token (RFC 7519): ES256 or RS256, checked against public keys in PEM.</summary>
internal static class SignedToken
{
    /// <summary>The claims; null, with a sentence about what is wrong.</summary>
    public static JsonObject? Verify(string token, IEnumerable<string> keys, DateTimeOffset now, out string fault)
    {
        fault = "error verifying token signature: no known key successfully validated the token signature";
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            fault = "error parsing token: go-jose/go-jose: compact JWS format must have three parts";
            return null;
        }

        try
        {
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            var signature = Decode(parts[2]);
            if (!keys.Any(key => IsSigned(key, signed, signature)) || JsonNode.Parse(Decode(parts[1])) is not JsonObject claims)
                return null;
            // 150 s of leeway on exp where the role says nothing (api-docs/auth/jwt: expiration_leeway).
            if (claims["exp"] is { } end && DateTimeOffset.FromUnixTimeSeconds((long)end.GetValue<double>()).AddSeconds(150) < now)
            {
                fault = "error validating token: invalid expiration time (exp) claim: token is expired";
                return null;
            }

            return claims;
        }
        catch (Exception error) when (error is FormatException or CryptographicException or ArgumentException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes one, signed with ES256.</summary>
    public static string Make(ECDsa key, JsonObject claims)
    {
        var signed = $"{Encode("""{"alg":"ES256","typ":"JWT"}"""u8)}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private static bool IsSigned(string pem, byte[] signed, byte[] signature)
    {
        if (pem.Contains("RSA", StringComparison.Ordinal) || signature.Length > 64)
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA256);
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[] Decode(string text)
    {
        var base64 = text.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
    }
}
