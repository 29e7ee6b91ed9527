using System.Text;

namespace Opx.Cli.Output;

internal static class FishCompletion
{
    public static string Script(IReadOnlyList<CompletionWords> tree)
    {
        var script = new StringBuilder();
        script.Append(
            """
            # opx completion for fish; made by 'opx completion fish'. It starts no program.
            function __opx_path_is
                set -l path
                for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; and continue
                    set -l longer (string join ' ' -- $path $word)
                    contains -- $longer $__opx_paths; and set path $longer
                end
                test "$path" = "$argv[1]"
            end

            """);
        script.Append("set -g __opx_paths ")
            .AppendJoin(' ', tree.Where(words => words.Path.Length > 0).Select(words => Quoted(words.Path))).Append('\n');
        script.Append("complete -c opx -f\n");
        foreach (var words in tree)
        {
            var condition = Quoted($"__opx_path_is {Quoted(words.Path)}");
            foreach (var (name, description) in words.Commands)
                script.Append($"complete -c opx -n {condition} -a {name} -d {Quoted(description)}\n");
            foreach (var option in words.Options)
            {
                script.Append($"complete -c opx -n {condition}");
                foreach (var name in option.Names)
                    script.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}");
                if (option.TakesValue)
                    script.Append(option.TakesFile ? " -r -F" : option.Choices.Count > 0
                        ? $" -x -a {Quoted(string.Join(' ', option.Choices))}" : " -x");
                script.Append(" -d ").Append(Quoted(option.Description)).Append('\n');
            }
        }

        return script.ToString();
    }

    private static string Quoted(string text) => "'" + text.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
}
