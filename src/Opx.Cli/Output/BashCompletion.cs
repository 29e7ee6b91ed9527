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
                var answer = option.TakesFile ? "compgen -P \"$glue\" -f -- \"$current\""
                    : option.Choices.Count > 0 ? $"compgen -P \"$glue\" -W \"{string.Join(' ', option.Choices)}\" -- \"$current\""
                    : null;
                script.Append("        ").Append(pattern).Append(") ");
                script.Append(answer is null ? "return ;;\n" : $"COMPREPLY=($({answer})); return ;;\n");
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
