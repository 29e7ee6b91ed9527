using System.Buffers;
using System.Text.Json;

namespace Opx.Protocol;

/// <summary>
/// <c>POST /v1/login</c>: log in to a backend, with credentials or with references that stand for them. Each credential that the method
/// needs (see <see cref="LoginMethods"/>) is in one of the two. Whoever has read one disposes of it, which wipes the credentials.
/// </summary>
/// <param name="Backend"><c>vault</c> or <c>bao</c>.</param>
/// <param name="Method">One of <see cref="LoginMethods.All"/>.</param>
/// <param name="Fields">Credentials by name, in UTF-8, in memory that the collector does not move.</param>
/// <param name="Refs">References by name; the daemon keeps to them for later logins, in memory.</param>
public sealed record LoginRequest(
    string Backend, string Method, IReadOnlyDictionary<string, byte[]> Fields, IReadOnlyDictionary<string, string> Refs) : IDisposable
{
    /// <summary>A member that means nothing; it stands behind credentials, see <see cref="PaddingBytes"/>.</summary>
    internal const string Padding = "padding";

    // TLS opens each record in place, in buffers of OpenSSL and of SslStream that nobody clears: a credential would stay there until
    // something as long comes along. Two whole records (16 KiB each) of nothing behind it do, measured by a search of the daemon's memory.
    private const int PaddingBytes = 40_000;

    /// <summary>Where the method is mounted; null for the method's own name.</summary>
    public string? Mount { get; init; }

    public string? Role { get; init; }

    /// <summary>Another address than the configured one; the daemon keeps to it after success.</summary>
    public string? Address { get; init; }

    /// <summary>Likewise.</summary>
    public string? Namespace { get; init; }

    public static Parsed<LoginRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, LoginReader.Read);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("backend", Backend);
        writer.WriteString("method", Method);
        LoginTarget.Write(writer, Mount, Role, Address, Namespace);
        if (Fields.Count > 0)
        {
            writer.WriteStartObject("fields");
            foreach (var (name, value) in Fields)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        if (Refs.Count > 0)
        {
            writer.WriteStartObject("refs");
            foreach (var (name, reference) in Refs)
                writer.WriteString(name, reference);
            writer.WriteEndObject();
        }

        if (Fields.Count > 0)
            writer.WriteString(Padding, new string(' ', PaddingBytes));
        writer.WriteEndObject();
    }

    public void Dispose()
    {
        foreach (var value in Fields.Values)
            SecretBytes.Wipe(value);
    }

    /// <summary>Without what it carries.</summary>
    public override string ToString() => $"login to {Backend} by {Method}";
}

/// <summary>The answer to <c>/v1/login</c>.</summary>
/// <param name="ExpiresInSeconds">The token's life; null where it has no end.</param>
public sealed record LoginResponse(string Method, long? ExpiresInSeconds, bool Renewable)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteString("state", "signed_in");
        writer.WriteString("method", Method);
        if (ExpiresInSeconds is { } seconds)
            writer.WriteNumber("expires_in_seconds", seconds);
        writer.WriteBoolean("renewable", Renewable);
        writer.WriteEndObject();
    }

    public static LoginResponse? Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return root.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True
            && root.TryGetProperty("method", out var method)
            ? new LoginResponse(
                method.GetString() ?? "",
                root.TryGetProperty("expires_in_seconds", out var expires) ? expires.GetInt64() : null,
                root.TryGetProperty("renewable", out var renewable) && renewable.ValueKind == JsonValueKind.True)
            : null;
    }
}

/// <summary>
/// <c>POST /v1/login/oidc</c>: begin a login in a browser. The daemon keeps state and nonce for the <c>/v1/login</c> that follows.
/// </summary>
/// <param name="RedirectUri">Where the caller listens.</param>
public sealed record OidcLoginRequest(string Backend, string RedirectUri)
{
    public string? Mount { get; init; }

    public string? Role { get; init; }

    public string? Address { get; init; }

    public string? Namespace { get; init; }

    public static Parsed<OidcLoginRequest> Parse(in ReadOnlySequence<byte> body) => ProtocolJson.Parse(body, LoginReader.ReadOidc);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("backend", Backend);
        writer.WriteString("redirect_uri", RedirectUri);
        LoginTarget.Write(writer, Mount, Role, Address, Namespace);
        writer.WriteEndObject();
    }
}

/// <summary>The answer to <c>/v1/login/oidc</c>.</summary>
/// <param name="AuthUrl">To be opened in a browser.</param>
public sealed record OidcLoginResponse(string AuthUrl)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("auth_url", AuthUrl);
        writer.WriteEndObject();
    }

    public static OidcLoginResponse? Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("auth_url", out var url) && url.GetString() is { Length: > 0 } text
            ? new OidcLoginResponse(text)
            : null;
    }
}
