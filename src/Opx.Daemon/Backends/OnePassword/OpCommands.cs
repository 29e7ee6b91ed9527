using Opx.Daemon.Interop;
using Opx.Protocol;

namespace Opx.Daemon.Backends.OnePassword;

/// <summary>The command lines of <c>op</c>. A reference is an argument or a variable's value, and nothing ever passes a shell.</summary>
internal sealed class OpCommands(string path, OpEnvironment environment)
{
    // The largest value and the newline that op read puts behind it.
    private const int OutputLimit = Limits.ValueBytes + 1;

    /// <summary>One reference. Without <c>-n</c>: the newline at the end proves that the value came whole.</summary>
    public ProcessCommand Read(string? account, OpReference reference) =>
        new(path, ["read", .. Account(account), reference.Text], environment.Variables, OutputLimit);

    /// <summary>Many references, each the value of a variable that <c>op</c> resolves for a program that prints them all.</summary>
    public ProcessCommand Run(string? account, BatchVariables variables) =>
        new(path, ["run", .. Account(account), "--no-masking", "--", "env", "-0"],
            [.. environment.Variables, .. variables.Assignments], OutputLimit);

    /// <summary>Whether somebody is signed in: no prompt, no quota.</summary>
    public ProcessCommand WhoAmI(string? account) =>
        new(path, ["whoami", "--format", "json", .. Account(account)], environment.Variables, 64 * 1024);

    private static string[] Account(string? account) => account is null ? [] : ["--account", account];
}
