namespace Opx.Daemon.Identity;

/// <summary>
/// Which of an interpreter's arguments is the script. Only what is certain counts: an option that this does not know may mean that the code
/// comes from elsewhere, and then there is no script.
/// </summary>
internal static class ScriptArgument
{
    /// <summary>Options of one interpreter that neither bring code nor take the next word.</summary>
    /// <param name="Letters">Single letters, which may stand together behind one dash.</param>
    /// <param name="Words">Whole options.</param>
    /// <param name="TakeNext">Options that take the next word.</param>
    /// <param name="NamesScript">Options whose next word is the script.</param>
    private sealed record Grammar(string Letters, string[] Words, string[] TakeNext, string[] NamesScript, bool WordIsScript = true);

    private static readonly Grammar Shell =
        new("abefhklmnptuvxBCEHPTi", ["--login", "--posix", "--norc", "--noprofile"], ["-o", "+o", "-O", "+O"], []);
    private static readonly Grammar Python = new("BbdEIOPqsSuvx", [], ["-W", "-X"], []);
    private static readonly Grammar Perl = new("wWXTtU", [], [], []);
    private static readonly Grammar Plain = new("", ["--no-warnings", "--enable-source-maps"], [], []);
    private static readonly Grammar Php = new("nq", [], [], ["-f"]);
    private static readonly Grammar PowerShell = new("", ["-NoProfile", "-NonInteractive", "-NoLogo"], [], ["-File", "-f"]);
    private static readonly Grammar Awk = new("", [], ["-F", "-v"], ["-f"], WordIsScript: false);

    private static readonly (string Name, Grammar Grammar)[] Interpreters =
    [
        ("sh", Shell), ("bash", Shell), ("dash", Shell), ("zsh", Shell), ("ksh", Shell), ("mksh", Shell), ("ash", Shell), ("fish", Plain),
        ("python", Python), ("pypy", Python), ("perl", Perl), ("ruby", Plain), ("node", Plain), ("nodejs", Plain), ("php", Php),
        ("lua", Plain), ("luajit", Plain), ("pwsh", PowerShell), ("osascript", Plain), ("awk", Awk), ("gawk", Awk), ("mawk", Awk),
    ];

    /// <summary>The script's name as it was given; null where there is none or where it is unclear.</summary>
    /// <param name="program">The path of the interpreter's executable.</param>
    public static string? Of(string program, IReadOnlyList<string> arguments)
    {
        if (GrammarOf(program) is not { } grammar)
            return null;
        for (var i = 1; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
                return grammar.WordIsScript ? Next(arguments, i) : null;
            if (word.Length == 0 || word is "-")
                return null;
            if (word[0] is not ('-' or '+'))
                return grammar.WordIsScript ? word : null;
            if (grammar.NamesScript.Contains(word))
                return Next(arguments, i);
            if (grammar.TakeNext.Contains(word))
                i++;
            else if (!IsHarmless(grammar, word))
                return null;
        }

        return null;
    }

    public static bool IsInterpreter(string program) => GrammarOf(program) is not null;

    private static string? Next(IReadOnlyList<string> arguments, int at) =>
        at + 1 < arguments.Count && arguments[at + 1].Length > 0 ? arguments[at + 1] : null;

    private static bool IsHarmless(Grammar grammar, string word) =>
        grammar.Words.Contains(word) || (word[1..] is { Length: > 0 } letters && letters.All(grammar.Letters.Contains));

    private static Grammar? GrammarOf(string program)
    {
        // python3.11 and lua5.4 are python and lua.
        var name = Path.GetFileName(program.AsSpan()).TrimEnd("0123456789.").TrimEnd('-');
        foreach (var (interpreter, grammar) in Interpreters)
        {
            if (name.SequenceEqual(interpreter))
                return grammar;
        }

        return null;
    }
}
