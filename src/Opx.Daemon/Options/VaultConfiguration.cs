using Opx.Protocol;

namespace Opx.Daemon.Options;

/// <summary>The members <c>vault</c> and <c>bao</c> of <c>config.json</c>.</summary>
internal static class VaultConfiguration
{
    private const string ReferenceSuffix = "_ref";

    public static VaultOptions Read(ref ConfigurationReader reader)
    {
        var options = new VaultOptions();
        reader.BeginObject();
        while (reader.NextMember() is { } member)
        {
            options = member switch
            {
                "address" => options with { Address = reader.String() },
                "namespace" => options with { Namespace = reader.String() },
                "ca_cert" => options with { CaCert = reader.AbsolutePath() },
                "client_cert" => options with { ClientCert = reader.AbsolutePath() },
                "client_key" => options with { ClientKey = reader.AbsolutePath() },
                "auth" => ReadAuth(ref reader, options),
                _ => throw reader.Unknown(member),
            };
        }

        return options;
    }

    private static VaultOptions ReadAuth(ref ConfigurationReader reader, VaultOptions options)
    {
        var references = new Dictionary<string, string>();
        var auth = new VaultAuthOptions("");
        var culprit = reader.Culprit;
        reader.BeginObject();
        while (reader.NextMember() is { } member)
        {
            switch (member)
            {
                case "method":
                    auth = auth with { Method = Method(ref reader) };
                    break;
                case "mount":
                    auth = auth with { Mount = Mount(ref reader) };
                    break;
                case "role":
                    auth = auth with { Role = reader.String() };
                    break;
                case "jwt_file":
                    auth = auth with { JwtFile = reader.AbsolutePath() };
                    break;
                // Files, not secrets; they may stand here as well as beside ca_cert.
                case "client_cert":
                    options = options with { ClientCert = reader.AbsolutePath() };
                    break;
                case "client_key":
                    options = options with { ClientKey = reader.AbsolutePath() };
                    break;
                default:
                    references[Credential(ref reader, member)] = Reference(ref reader);
                    break;
            }
        }

        if (Fault(auth, references) is { } fault)
            throw new OptionsException($"{culprit} {fault}");
        return options with { Auth = auth with { Refs = references } };
    }

    private static string Method(ref ConfigurationReader reader)
    {
        var method = reader.String();
        return LoginMethods.All.Contains(method)
            ? method
            : throw new OptionsException($"{reader.Culprit} must be one of {string.Join(", ", LoginMethods.All)}");
    }

    private static string Mount(ref ConfigurationReader reader)
    {
        var mount = reader.String();
        return MountPath.IsPlain(mount)
            ? mount
            : throw new OptionsException($"{reader.Culprit} must be a path of names, without '.', '..' or nothing between '/'");
    }

    private static string Credential(ref ConfigurationReader reader, string member)
    {
        var name = member.EndsWith(ReferenceSuffix, StringComparison.Ordinal) ? member[..^ReferenceSuffix.Length] : "";
        var methods = LoginMethods.All.Where(method => !LoginMethods.IsOnceOnly(method));
        return methods.Any(method => LoginMethods.Required(method).Concat(LoginMethods.Optional(method)).Contains(name))
            ? name
            : throw reader.Unknown(member);
    }

    private static string Reference(ref ConfigurationReader reader)
    {
        var text = reader.String();
        // Not quoted: somebody may have put the password itself here.
        return SecretReference.HasScheme(text) && SecretReference.Parse(text, out _) is not null
            ? text
            : throw new OptionsException($"{reader.Culprit} must be a reference, op://… for one: opx keeps no credentials in files");
    }

    private static string? Fault(VaultAuthOptions auth, Dictionary<string, string> references)
    {
        if (auth.Method.Length == 0)
            return "has no 'method'";
        var (required, optional) = (LoginMethods.Required(auth.Method), LoginMethods.Optional(auth.Method));
        if (references.Keys.FirstOrDefault(name => !required.Contains(name) && !optional.Contains(name)) is { } foreign)
            return $"has '{foreign}{ReferenceSuffix}', which a login by {auth.Method} does not take";
        if (references.ContainsKey(LoginFields.SecretId) && references.ContainsKey(LoginFields.WrappedSecretId))
            return "takes 'secret_id_ref' or 'wrapped_secret_id_ref', not both";
        if (auth.JwtFile is not null && auth.Method is not (LoginMethods.Jwt or LoginMethods.Kubernetes))
            return $"has 'jwt_file', which a login by {auth.Method} does not take";
        // A person logs in by OIDC each time; the settings say how.
        if (LoginMethods.IsOnceOnly(auth.Method))
            return null;
        return required.FirstOrDefault(name => !references.ContainsKey(name) && !(name == LoginFields.Jwt && auth.JwtFile is not null)) is { } missing
            ? $"has no '{missing}{ReferenceSuffix}', which a login by {auth.Method} needs"
            : null;
    }
}
