namespace Opx.Scripts.Tests.Runner;

/// <summary>One script's world: <c>/tmp/ox-……/</c> with <c>home</c>, <c>run</c>, <c>tmp</c>, <c>work</c> and <c>bin</c>, owned by the script's user.</summary>
internal sealed class Scratch
{
    private readonly string _directory;

    private Scratch(string directory, uint me, uint other) => (_directory, Me, Other) = (directory, me, other);

    public uint Me { get; }

    public uint Other { get; }

    public string Work => Path.Combine(_directory, "work");

    public string ScriptFile => Path.Combine(_directory, "script.sh");

    public string LogFile => Path.Combine(_directory, "log");

    public static async Task<Scratch> Make(Kit kit, Script script)
    {
        var directory = Path.Combine(Kit.TemporaryRoot, "ox-" + Guid.NewGuid().ToString("n")[..6]);
        var scratch = new Scratch(directory, Identity.Me(script.Number), Identity.Other(script.Number));

        // The programs are linked, not shared: opx looks for its daemon beside its own file, and a process is known by its path.
        await Shell.Run(
            """
            umask 077
            mkdir "$1"
            mkdir "$1/home" "$1/run" "$1/tmp" "$1/work" "$1/bin" "$1/double"
            ln "$2"/bin/* "$1/bin/"
            ln "$2/double/op" "$1/double/op"
            cp "$3" "$1/script.sh"
            : >"$1/log"
            chmod 0755 "$1/bin" "$1/double"
            if [ "$(id -u)" = 0 ]; then chown "$4:$4" "$1" "$1/home" "$1/run" "$1/tmp" "$1/work" "$1/bin" "$1/double" "$1/script.sh" "$1/log"; fi
            """,
            directory, kit.Directory, script.File, scratch.Me.ToString());
        return scratch;
    }

    /// <summary>The whole environment; nothing of the runner's own comes through.</summary>
    public Dictionary<string, string> Environment(Kit kit) => new()
    {
        ["HOME"] = Path.Combine(_directory, "home"),
        ["XDG_RUNTIME_DIR"] = Path.Combine(_directory, "run"),
        ["TMPDIR"] = Path.Combine(_directory, "tmp"),
        ["PATH"] = $"{_directory}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        ["USER"] = "script",
        ["LC_ALL"] = "C",
        ["KIT"] = kit.Directory,
        ["SCRATCH"] = _directory,
        ["DOTNET"] = System.Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? System.Environment.ProcessPath : "dotnet",
        ["DOTNET_NOLOGO"] = "1",
        ["MY_UID"] = Me.ToString(),
        ["OTHER_UID"] = Other.ToString(),
        ["OWN_UID"] = Identity.IsRoot ? "yes" : "no",
        ["CHAOS"] = Chaos.Times.ToString(),
        ["SOAK"] = Chaos.Soak.ToString(),
        ["SEED"] = Chaos.Seed.ToString(),
        ["OPX_MEMORY_SECONDS"] = System.Environment.GetEnvironmentVariable("OPX_MEMORY_SECONDS") ?? "4",
    };

    public Task<string> Log() => File.ReadAllTextAsync(LogFile);

    /// <summary>Empty, or what a script must not leave: processes, temporary files. A process that is on its way out gets three seconds.</summary>
    public Task<string> LeftBehind() => Shell.Run(
        """
        tries=0
        while :; do
            left=$(ps -A -o uid= -o pid= -o stat= -o args= | awk -v me="$2" -v other="$3" -v own="$4" -v scratch="$1/" -v self="$$" '
                $2 != self && $3 !~ /^Z/ && !/awk -v me=/ && (own == "yes" ? $1 == me || $1 == other : index($0, scratch))')
            tries=$((tries + 1))
            if [ -z "$left" ] || [ "$tries" -ge 30 ]; then break; fi
            sleep 0.1
        done
        if [ -n "$left" ]; then printf 'processes left behind:\n%s\n' "$left"; fi
        files=$(find "$1/home" "$1/run" "$1/tmp" -name '*.tmp' -o -path "$1/tmp/*")
        if [ -n "$files" ]; then printf 'files left behind:\n%s\n' "$files"; fi
        """,
        _directory, Me.ToString(), Other.ToString(), Identity.IsRoot ? "yes" : "no");

    /// <summary>Ends what is left and removes the directory.</summary>
    public Task<string> Remove() => Shell.Run(
        """
        if [ "$4" = yes ]; then
            for user in "$2" "$3"; do
                # All processes of a user whom nobody else plays, the sender included.
                setpriv --reuid="$user" --regid="$user" --clear-groups sh -c 'kill -KILL -1' >/dev/null 2>&1 || true
            done
        else
            ps -A -o pid= -o args= | awk -v scratch="$1/" 'index($0, scratch) && !/awk -v scratch/ { print $1 }' | xargs kill -KILL 2>/dev/null || true
        fi
        chmod -R u+rwx "$1" 2>/dev/null || true
        rm -rf "$1"
        """,
        _directory, Me.ToString(), Other.ToString(), Identity.IsRoot ? "yes" : "no");
}
