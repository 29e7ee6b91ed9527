using System.Text.Encodings.Web;
using System.Text.Json;
using Opx.Cli.Output;
using Opx.Protocol;
using Opx.Protocol.Files;

namespace Opx.Cli.Logins;

/// <summary>
/// <c>config.json</c> with a login in it: references, never what they stand for. Read before the login is tried, so that a file that cannot be changed is
/// said first; written only after it has worked.
/// </summary>
internal sealed class LoginConfiguration
{
    // Paths to files, which another login goes on with.
    private static readonly string[] Files = ["client_cert", "client_key"];

    private readonly string _path;
    private readonly uint _owner;
    private readonly byte[]? _before;

    private LoginConfiguration(string path, uint owner)
    {
        (_path, _owner) = (path, owner);
        _before = PrivateFile.Read(path, owner);
    }

    /// <exception cref="FailureException">The file is there and not JSON.</exception>
    public static LoginConfiguration Of(OpxPaths paths, uint owner)
    {
        var file = new LoginConfiguration(paths.ConfigFile, owner);
        try
        {
            _ = JsonEdit.Get(file._before, "vault", "auth");
            _ = JsonEdit.Get(file._before, "bao", "auth");
            return file;
        }
        catch (JsonException)
        {
            throw new FailureException(ExitCode.Failed, $"{Printable.Text(paths.ConfigFile)} is not valid JSON: mend it first");
        }
    }

    /// <summary>Writes the login down, past what else stands there.</summary>
    public void Keep(LoginPlan plan, LoginTarget target)
    {
        var after = With(_before, plan, target);
        if (!Same(PrivateFile.Read(_path, _owner), _before))
        {
            throw new FailureException(
                ExitCode.Failed, $"signed in, but {Printable.Text(_path)} has changed meanwhile: the references were not written, try again");
        }

        PrivateDirectory.Ensure(Path.GetDirectoryName(_path)!, _owner);
        PrivateFile.Write(_path, after);
    }

    /// <summary>The file's bytes with the login in them.</summary>
    internal static byte[] With(ReadOnlySpan<byte> content, LoginPlan plan, LoginTarget target)
    {
        var after = content.ToArray();
        if (target.Address is { } address)
            after = JsonEdit.Set(after, [plan.Backend, "address"], Quoted(address));
        if (target.Namespace is { } space)
            after = JsonEdit.Set(after, [plan.Backend, "namespace"], Quoted(space));
        var members = new List<string> { Member("method", plan.Method) };
        if (target.Mount is { } mount)
            members.Add(Member("mount", mount));
        if (target.Role is { } role)
            members.Add(Member("role", role));
        members.AddRange(plan.Refs.Select(reference => Member($"{reference.Key}_ref", reference.Value)));
        foreach (var file in Files.Append("jwt_file"))
        {
            if (JsonEdit.Get(content, plan.Backend, "auth", file) is { } value && (file != "jwt_file" || TakesTokenFile(plan)))
                members.Add($"\"{file}\": {value}");
        }

        return JsonEdit.Set(after, [plan.Backend, "auth"], $"{{\n  {string.Join(",\n  ", members)}\n}}");
    }

    private static bool TakesTokenFile(LoginPlan plan) =>
        plan.Method is LoginMethods.Jwt or LoginMethods.Kubernetes && !plan.Refs.ContainsKey(LoginFields.Jwt);

    private static string Member(string name, string value) => $"\"{name}\": {Quoted(value)}";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null || right is null ? left == right : left.AsSpan().SequenceEqual(right);
}

/// <summary>Where and as what, as the options say it.</summary>
internal sealed record LoginTarget(string? Address, string? Namespace, string? Mount, string? Role);
