using System.Text.Json;

namespace Opx.Protocol;

/// <summary>Where and as what to log in: the members that both login requests have in common.</summary>
internal struct LoginTarget
{
    private bool _backendSeen, _mountSeen, _roleSeen, _addressSeen, _namespaceSeen;

    public string? Backend { get; private set; }

    public string? Mount { get; private set; }

    public string? Role { get; private set; }

    public string? Address { get; private set; }

    public string? Namespace { get; private set; }

    /// <summary>True where the member was one of these.</summary>
    public bool Take(ref Utf8JsonReader reader, string member)
    {
        switch (member)
        {
            case "backend":
                Backend = Text(ref reader, member, ref _backendSeen);
                if (Backend is not ("vault" or "bao"))
                    throw JsonShape.Malformed("'backend' must be \"vault\" or \"bao\"");
                return true;
            case "mount":
                Mount = Text(ref reader, member, ref _mountSeen);
                return MountPath.IsPlain(Mount) ? true : throw JsonShape.Malformed("'mount' must be a path of names, without '.', '..' or nothing between '/'");
            case "role":
                Role = Text(ref reader, member, ref _roleSeen);
                return true;
            case "address":
                Address = Text(ref reader, member, ref _addressSeen);
                return true;
            case "namespace":
                Namespace = Text(ref reader, member, ref _namespaceSeen);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A text that goes into a path, a header or an address.</summary>
    internal static string Text(ref Utf8JsonReader reader, string member, ref bool seen)
    {
        JsonShape.Once(ref seen, member);
        var text = JsonShape.String(ref reader, member);
        if (text.Length is 0 or > 2_048)
            throw JsonShape.Malformed($"'{member}' must not be empty or longer than 2,048 characters");
        return Array.Exists(text.ToCharArray(), char.IsControl) ? throw JsonShape.Malformed($"'{member}' holds a control character") : text;
    }

    public static void Write(Utf8JsonWriter writer, string? mount, string? role, string? address, string? @namespace)
    {
        if (mount is not null)
            writer.WriteString("mount", mount);
        if (role is not null)
            writer.WriteString("role", role);
        if (address is not null)
            writer.WriteString("address", address);
        if (@namespace is not null)
            writer.WriteString("namespace", @namespace);
    }
}

/// <summary>
/// Reads the bodies of logins. Credentials become pinned bytes, never a string, and are wiped where the body turns out to be malformed.
/// </summary>
internal static class LoginReader
{
    public static LoginRequest Read(ref Utf8JsonReader reader)
    {
        var fields = new Dictionary<string, byte[]>();
        try
        {
            return Read(ref reader, fields);
        }
        catch
        {
            foreach (var value in fields.Values)
                SecretBytes.Wipe(value);
            throw;
        }
    }

    public static OidcLoginRequest ReadOidc(ref Utf8JsonReader reader)
    {
        var target = new LoginTarget();
        string? redirect = null;
        var redirectSeen = false;
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            if (member == "redirect_uri")
                redirect = LoginTarget.Text(ref reader, member, ref redirectSeen);
            else if (!target.Take(ref reader, member))
                throw JsonShape.Unknown(member);
        }

        return new OidcLoginRequest(target.Backend ?? throw JsonShape.Missing("backend"), redirect ?? throw JsonShape.Missing("redirect_uri"))
        {
            Mount = target.Mount,
            Role = target.Role,
            Address = target.Address,
            Namespace = target.Namespace,
        };
    }

    private static LoginRequest Read(ref Utf8JsonReader reader, Dictionary<string, byte[]> fields)
    {
        var target = new LoginTarget();
        var refs = new Dictionary<string, string>();
        string? method = null;
        var (methodSeen, fieldsSeen, refsSeen, paddingSeen) = (false, false, false, false);
        JsonShape.Object(ref reader);
        while (JsonShape.NextMember(ref reader) is { } member)
        {
            switch (member)
            {
                case "method":
                    method = LoginTarget.Text(ref reader, member, ref methodSeen);
                    break;
                case "fields":
                    JsonShape.Once(ref fieldsSeen, member);
                    ReadFields(ref reader, fields);
                    break;
                case "refs":
                    JsonShape.Once(ref refsSeen, member);
                    ReadRefs(ref reader, refs);
                    break;
                case LoginRequest.Padding:
                    JsonShape.Once(ref paddingSeen, member);
                    if (reader.TokenType != JsonTokenType.String)
                        throw JsonShape.Malformed($"'{member}' must be a string");
                    break;
                default:
                    if (!target.Take(ref reader, member))
                        throw JsonShape.Unknown(member);
                    break;
            }
        }

        if (method is null || !LoginMethods.All.Contains(method))
            throw method is null
                ? JsonShape.Missing("method")
                : JsonShape.Malformed($"'method' must be one of {string.Join(", ", LoginMethods.All)}");
        CheckCredentials(method, fields, refs);
        return new LoginRequest(target.Backend ?? throw JsonShape.Missing("backend"), method, fields, refs)
        {
            Mount = target.Mount,
            Role = target.Role,
            Address = target.Address,
            Namespace = target.Namespace,
        };
    }

    private static void ReadFields(ref Utf8JsonReader reader, Dictionary<string, byte[]> fields)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonShape.Malformed("'fields' must be an object of names and credentials");
        while (JsonShape.NextMember(ref reader) is { } name)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' must be a string");
            var value = SecretBytes.Unescape(ref reader);
            if (!fields.TryAdd(name, value))
            {
                SecretBytes.Wipe(value);
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' appears twice in 'fields'");
            }

            if (value.Length is 0 or > Limits.CredentialBytes)
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' must not be empty or longer than {Limits.CredentialBytes} bytes");
        }
    }

    private static void ReadRefs(ref Utf8JsonReader reader, Dictionary<string, string> refs)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonShape.Malformed("'refs' must be an object of names and references");
        while (JsonShape.NextMember(ref reader) is { } name)
        {
            if (!refs.TryAdd(name, JsonShape.String(ref reader, name)))
                throw JsonShape.Malformed($"'{Printable.Text(name, 64)}' appears twice in 'refs'");
        }
    }

    private static void CheckCredentials(string method, Dictionary<string, byte[]> fields, Dictionary<string, string> refs)
    {
        var (required, optional) = (LoginMethods.Required(method), LoginMethods.Optional(method));
        foreach (var name in fields.Keys.Concat(refs.Keys))
        {
            if (!required.Contains(name) && !optional.Contains(name))
                throw JsonShape.Malformed($"a login by {method} takes no '{Printable.Text(name, 64)}'");
        }

        foreach (var name in required)
        {
            if (!fields.ContainsKey(name) && !refs.ContainsKey(name))
                throw JsonShape.Malformed($"a login by {method} needs '{name}'");
        }

        if (fields.Keys.FirstOrDefault(refs.ContainsKey) is { } twice)
            throw JsonShape.Malformed($"'{twice}' is in 'fields' and in 'refs': give it once");
        if (fields.Keys.Concat(refs.Keys).Count(name => name is LoginFields.SecretId or LoginFields.WrappedSecretId) > 1)
            throw JsonShape.Malformed("a login takes 'secret_id' or 'wrapped_secret_id', not both");
        if (refs.Count > 0 && LoginMethods.IsOnceOnly(method))
            throw JsonShape.Malformed($"a login by {method} takes no references");
    }
}
