using System.Text.Unicode;
using Opx.Cli.Output;
using Opx.Cli.Policies;
using Opx.Protocol;

namespace Opx.Cli.Logins;

/// <summary>Credentials from a person: asked for on the terminal without echo, or read from standard input, one a line, the last one up to its end.
/// They are bytes from the keyboard to the socket, and wiped there.</summary>
internal static class TypedCredentials
{
    public static Dictionary<string, byte[]> Read(LoginPlan plan, Surroundings around)
    {
        var fields = new Dictionary<string, byte[]>();
        if (plan.Typed.Count == 0)
            return fields;
        try
        {
            if (Terminal.Of(around).CanAsk)
                Ask(plan, fields);
            else
                Split(plan, fields);
            return fields;
        }
        catch
        {
            foreach (var value in fields.Values)
                SecretBytes.Wipe(value);
            throw;
        }
    }

    /// <summary>The lines of what came, by the names that were asked for.</summary>
    internal static void Split(LoginPlan plan, ReadOnlySpan<byte> input, Dictionary<string, byte[]> fields)
    {
        for (var i = 0; i < plan.Typed.Count; i++)
        {
            var end = input.IndexOf((byte)'\n');
            var isLast = i == plan.Typed.Count - 1;
            var line = isLast || end < 0 ? input : input[..end];
            input = isLast || end < 0 ? default : input[(end + 1)..];
            if (line is [.. var before, (byte)'\n'])
                line = before;
            if (line is [.. var text, (byte)'\r'])
                line = text;
            Keep(plan, plan.Typed[i], line, fields);
        }
    }

    private static void Split(LoginPlan plan, Dictionary<string, byte[]> fields)
    {
        var (bytes, length) = SecretInput.ReadAll(Limits.CredentialBytes * plan.Typed.Count);
        try
        {
            Split(plan, bytes.AsSpan(0, length), fields);
        }
        finally
        {
            SecretBytes.Wipe(bytes);
        }
    }

    private static void Ask(LoginPlan plan, Dictionary<string, byte[]> fields)
    {
        foreach (var name in plan.Typed)
        {
            var line = SecretPrompt.Ask($"{Label(plan.Backend, name)}: ", isShown: name is LoginFields.Username or LoginFields.RoleId);
            try
            {
                Keep(plan, name, line, fields);
            }
            finally
            {
                SecretBytes.Wipe(line);
            }
        }
    }

    private static void Keep(LoginPlan plan, string name, ReadOnlySpan<byte> value, Dictionary<string, byte[]> fields)
    {
        if (value.IsEmpty)
        {
            if (LoginMethods.Required(plan.Method).Contains(name))
                throw new FailureException(ExitCode.Usage, $"no {name.Replace('_', ' ')} was given: nothing was tried");
            return;
        }

        if (value.Length > Limits.CredentialBytes)
            throw new FailureException(ExitCode.Usage, $"the {name.Replace('_', ' ')} is longer than {Limits.CredentialBytes} bytes");
        if (!Utf8.IsValid(value))
            throw new FailureException(ExitCode.Usage, $"the {name.Replace('_', ' ')} is not UTF-8 text");
        var kept = SecretBytes.Allocate(value.Length);
        value.CopyTo(kept);
        fields[name] = kept;
    }

    private static string Label(string backend, string name) => name switch
    {
        LoginFields.Token => backend == "bao" ? "OpenBao token" : "Vault token",
        LoginFields.Username => "Username",
        LoginFields.Password => "Password",
        LoginFields.RoleId => "Role id",
        LoginFields.SecretId => "Secret id (empty for a role without one)",
        _ => "JSON Web Token",
    };
}
