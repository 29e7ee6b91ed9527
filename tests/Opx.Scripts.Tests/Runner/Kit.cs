namespace Opx.Scripts.Tests.Runner;

/// <summary>What all scripts share, in one directory that every user can read (the work tree may lie below root's home):
/// <c>bin/</c> the published programs, <c>older/</c> the same of another version, <c>double/op</c>, <c>tool/</c> this program, <c>prelude.sh</c>.</summary>
public sealed class Kit : IAsyncLifetime
{
    // The socket's path must stay short; macOS reaches /tmp through a link.
    internal static string TemporaryRoot { get; } = OperatingSystem.IsMacOS() ? "/private/tmp" : "/tmp";

    internal string Directory { get; } = Path.Combine(TemporaryRoot, $"opx-kit-{Environment.ProcessId}");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Repository.Programs, "opx")))
            throw new InvalidOperationException("bin/opx is missing: the scripts test the published programs, run make build first");
        await Shell.Run(
            """
            rm -rf "$1"
            mkdir -p "$1/bin" "$1/double" "$1/tool" "$1/older"
            cp "$2"/* "$1/bin/"
            cp "$3" "$1/double/op"
            cp -R "$4"/. "$1/tool/"
            cp "$5/prelude.sh" "$5/../contract.sh" "$5/../../README.md" "$1/"
            cp -R "$6" "$1/packaging"
            for program in "$7"/bin/Opx.Cli "$7"/bin/Opx.Daemon; do if [ -e "$program" ]; then cp -R "$program/debug/." "$1/older/"; fi; done
            chmod -R u+rwX,go+rX,go-w "$1"
            chmod 0755 "$1/double/op"
            """,
            Directory, Repository.Programs, Repository.OnePasswordDouble, AppContext.BaseDirectory, Repository.Project,
            Path.Combine(Repository.Root, "packaging"), Path.Combine(Repository.Root, ".build", "older"));
    }

    public async ValueTask DisposeAsync() => await Shell.Run("""rm -rf "$1" """, Directory);
}
