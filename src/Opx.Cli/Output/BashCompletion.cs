using System.Text;

namespace Opx.Cli.Output;

/// <summary>bash 3.2 and later, without the bash-completion package.</summary>
internal static class BashCompletion
{
    public static string Script(IReadOnlyList<CompletionWords> tree)
    {
        var script = new StringBuilder();
        script.Append(
            """
            # opx completion for bash; made by 'opx completion bash'. It starts no program.
            # A name a line, for names may have blanks; readline quotes them and goes on below directories where it is told that they are names (bash 4).
            _opx_files() {
                local name
                COMPREPLY=()
                while IFS= read -r name; do COMPREPLY+=("$2$name"); done < <(compgen -f -- "$1")
                compopt -o filenames 2>/dev/null || true
            }
            _opx() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path="" glue="" i word
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word="${COMP_WORDS[i]}"
                    case "$word" in
                        --) COMPREPLY=($(compgen -o default -- "$current")); return ;;
                        -*) continue ;;
                    esac
                    case "$path $word" in

            """);
        script.Append("            ").AppendJoin('|', tree.Where(words => words.Path.Length > 0).Select(words => $"\" {words.Path}\""))
            .Append(") path=\"$path $word\" ;;\n");
        script.Append(
            """
                    esac
                done
                # To readline '=' is a word of its own, unless somebody took it out of COMP_WORDBREAKS.
                if [ "$current" = "=" ]; then
                    current=""
                elif [ "$previous" = "=" ] && ((COMP_CWORD > 2)); then
                    previous="${COMP_WORDS[COMP_CWORD-2]}"
                elif [[ "$current" == --*=* ]]; then
                    previous="${current%%=*}" glue="${current%%=*}=" current="${current#*=}"
                fi
                case "$path $previous" in

            """);
        foreach (var words in tree)
        {
            foreach (var option in words.Options.Where(option => option.TakesValue))
            {
                var pattern = string.Join('|', option.Names.Select(name => $"\"{Prefix(words)} {name}\""));
                var answer = option.TakesFile ? "_opx_files \"$current\" \"$glue\"; return"
                    : option.Choices.Count > 0 ? $"COMPREPLY=($(compgen -P \"$glue\" -W \"{string.Join(' ', option.Choices)}\" -- \"$current\")); return"
                    : "return";
                script.Append("        ").Append(pattern).Append(") ").Append(answer).Append(" ;;\n");
            }
        }

        script.Append(
            """
                esac
                case "$path" in

            """);
        foreach (var words in tree)
        {
            var choices = words.Commands.Select(command => command.Name).Concat(words.Options.SelectMany(option => option.Names));
            script.Append("        \"").Append(Prefix(words)).Append("\") COMPREPLY=($(compgen -W \"")
                .AppendJoin(' ', choices).Append("\" -- \"$current\")) ;;\n");
        }

        script.Append(
            """
                esac
            }
            complete -o default -F _opx opx

            """);
        return script.ToString();
    }

    private static string Prefix(CompletionWords words) => words.Path.Length == 0 ? "" : " " + words.Path;
}
