using System.Text;
using Opx.Cli.Running;
using Opx.Protocol.Interop;

namespace Opx.Cli.Logins;

/// <summary>Opens an address in the person's browser, where there is one: a program with an argument list, never a shell.</summary>
internal static class Browser
{
    /// <summary>What is wrong with an address that a server gave, or null. A server must not be able to have a file opened or an option understood.</summary>
    public static string? Fault(string address) =>
        address.Any(letter => char.IsControl(letter) || letter is ' ' or '"' or '\'' or '`' or '\\')
            || !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")
            ? "the server's login address is not one that a browser could open"
            : null;

    /// <returns>False where there is no browser: the address has been printed.</returns>
    public static bool Open(string address, Surroundings around)
    {
        if (Program(around) is not { } program)
            return false;
        SystemTrustStore.Restore();
        return Start(program, address);
    }

    internal static string? Program(Surroundings around)
    {
        var path = around.NonEmpty("PATH");
        // A list with colons; what has words in it would need a shell.
        foreach (var named in (around.NonEmpty("BROWSER") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!named.Contains(' ') && !named.Contains('%'))
                return Path.IsPathRooted(named) ? ProgramSearch.Find("", named, null, null) : ProgramSearch.Find(named, null, path, null);
        }

        if (OperatingSystem.IsMacOS())
            return ProgramSearch.Find("open", null, "/usr/bin", null);
        // Without a display xdg-open would start a browser on this terminal.
        return around.NonEmpty("DISPLAY") is null && around.NonEmpty("WAYLAND_DISPLAY") is null ? null : ProgramSearch.Find("xdg-open", null, path, null);
    }

    private static unsafe bool Start(string program, string address)
    {
        using var start = new ProcessStart();
        const int readWrite = 2;
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            start.Open(descriptor, "/dev/null", readWrite);
        start.CloseFrom(3);
        using var words = new NativeStrings([Encoding.UTF8.GetBytes(program), Encoding.UTF8.GetBytes(address)]);
        return start.Start(program, words.Pointer, NativeEnvironment.Pointer(), out _) == 0;
    }
}
