namespace Opx.Cli.Output;

/// <summary>One example for each command: what most people want from it. A test finds the command that has none.</summary>
internal static class Examples
{
    /// <summary>By the command as it is typed.</summary>
    private static readonly Dictionary<string, string> ByPath = new()
    {
        ["opx"] = "TOKEN=$(opx read op://Work/api/token)",
        ["opx read"] = "opx read op://Work/api/token",
        ["opx resolve"] = "eval \"$(opx resolve --format export DB=op://Work/db/password)\"",
        ["opx run"] = "opx run --env DB=op://Work/db/password -- npm test",
        ["opx inject"] = "opx inject -i config.yml.tpl -o config.yml",
        ["opx status"] = "opx status --json",
        ["opx invalidate"] = "opx invalidate op://Work/api/token",
        ["opx lock"] = "opx lock",
        ["opx unlock"] = "opx unlock",
        ["opx audit"] = "opx audit --since 7d --interactive",
        ["opx audit tail"] = "opx audit tail -n 20 --follow",
        ["opx audit verify"] = "opx audit verify",
        ["opx audit export"] = "opx audit export --out ./audit",
        ["opx daemon"] = "opx daemon restart",
        ["opx daemon start"] = "opx daemon start",
        ["opx daemon stop"] = "opx daemon stop",
        ["opx daemon restart"] = "opx daemon restart",
        ["opx service"] = "opx service install",
        ["opx service install"] = "opx service install",
        ["opx service uninstall"] = "opx service uninstall",
        ["opx service status"] = "opx service status",
        ["opx service logs"] = "opx service logs --follow",
        ["opx service start"] = "opx service start",
        ["opx service stop"] = "opx service stop",
        ["opx doctor"] = "opx doctor --fix",
        ["opx policy"] = "opx policy list",
        ["opx policy list"] = "opx policy list",
        ["opx policy add"] = "opx policy add --path /usr/bin/kubectl --ref 'op://Work/k8s/*'",
        ["opx policy remove"] = "opx policy remove 2",
        ["opx policy test"] = "opx policy test /usr/bin/kubectl op://Work/k8s/token",
        ["opx policy check"] = "opx policy check",
        ["opx login"] = "opx login 1password",
        ["opx login 1password"] = "opx login 1password",
        ["opx login vault"] = "opx login vault --token-ref op://Work/vault/token",
        ["opx login bao"] = "opx login bao --method userpass",
        ["opx login status"] = "opx login status",
        ["opx logout"] = "opx logout vault",
        ["opx logout vault"] = "opx logout vault",
        ["opx logout bao"] = "opx logout bao",
        ["opx shim"] = "opx shim install",
        ["opx shim install"] = "opx shim install --dir ~/.local/bin",
        ["opx shim uninstall"] = "opx shim uninstall",
        ["opx migrate"] = "opx migrate --dry-run",
        ["opx completion"] = "source <(opx completion bash)",
        ["opx completion bash"] = "source <(opx completion bash)",
        ["opx completion zsh"] = "source <(opx completion zsh)",
        ["opx completion fish"] = "opx completion fish | source",
    };

    public static string? Of(string path) => ByPath.GetValueOrDefault(path);
}
