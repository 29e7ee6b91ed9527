using System.Text;

namespace Opx.Cli.Output;

/// <summary>zsh: as an autoloaded <c>_opx</c> on <c>fpath</c>, or sourced after <c>compinit</c>.</summary>
internal static class ZshCompletion
{
    public static string Script(IReadOnlyList<CompletionWords> tree)
    {
        var script = new StringBuilder();
        script.Append(
            """
            #compdef opx
            # opx completion for zsh; made by 'opx completion zsh'. It starts no program.
            _opx() {
                local cmdpath="" word previous="${words[CURRENT-1]}" i
                local -a choices
                for ((i = 2; i < CURRENT; i++)); do
                    word="${words[i]}"
                    case "$word" in
                        --) shift $i words; (( CURRENT -= i )); _normal; return ;;
                        -*) continue ;;
                    esac
                    case "$cmdpath $word" in

            """);
        script.Append("            ").AppendJoin('|', tree.Where(words => words.Path.Length > 0).Select(words => $"\" {words.Path}\""))
            .Append(") cmdpath=\"$cmdpath $word\" ;;\n");
        script.Append(
            """
                    esac
                done
                if [[ "${words[CURRENT]}" == --*=* ]]; then
                    previous="${words[CURRENT]%%=*}"
                    compset -P '*='
                fi
                case "$cmdpath $previous" in

            """);
        foreach (var words in tree)
        {
            foreach (var option in words.Options.Where(option => option.TakesValue))
            {
                var pattern = string.Join('|', option.Names.Select(name => $"\"{Prefix(words)} {name}\""));
                var answer = option.TakesFile ? "_files; " : option.Choices.Count > 0
                    ? $"compadd -- {string.Join(' ', option.Choices)}; " : "";
                script.Append("        ").Append(pattern).Append(") ").Append(answer).Append("return ;;\n");
            }
        }

        script.Append(
            """
                esac
                case "$cmdpath" in

            """);
        foreach (var words in tree)
        {
            var choices = words.Commands.Select(command => $"{command.Name}:{command.Description}")
                .Concat(words.Options.SelectMany(option => option.Names.Select(name => $"{name}:{option.Description}")));
            script.Append("        \"").Append(Prefix(words)).Append("\") choices=(")
                .AppendJoin(' ', choices.Select(Quoted)).Append(") ;;\n");
        }

        script.Append(
            """
                esac
                _describe 'opx' choices
            }
            if [ "$funcstack[1]" = "_opx" ]; then
                _opx "$@"
            else
                compdef _opx opx
            fi

            """);
        return script.ToString();
    }

    internal static string Quoted(string text) => "'" + text.Replace("'", "'\\''") + "'";

    private static string Prefix(CompletionWords words) => words.Path.Length == 0 ? "" : " " + words.Path;
}
