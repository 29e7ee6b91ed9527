#!/bin/sh
# Writes the man pages of both programs from what they say themselves: sh packaging/man/make.sh BIN-DIRECTORY OUT-DIRECTORY
# Prose comes from *.in; '@OPTIONS@' and '@COMMANDS@' stand for the --help of the program and of each of its commands. opx-policy(5) and
# opx-config(5) are prose alone; tests hold their fields against the readers of the files.
set -eu
mkdir -p "$2"
bin=$(cd "$1" && pwd) out=$(cd "$2" && pwd)
cd "$(dirname "$0")"

# Text as roff wants it: backslashes, a dot or a quote at the line's begin, minus signs that can be copied.
roff() { sed -e 's/ *$//' -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\\([.']\\)/\\\\\&\\1/"; }

# The rows of a section ("Options:", "Commands:") as tagged paragraphs. A line that begins further in goes on with the row before it.
rows() {
    awk -v section="$1" '
        $0 == section ":" { on = 1; next }
        on && /^$/ { exit }
        on && /^   / && match($0, /^ +/) && RLENGTH > 8 { sub(/^ +/, ""); print; next }
        on { sub(/^  /, ""); at = match($0, /   */); left = substr($0, 1, at - 1); right = substr($0, at); sub(/^ +/, "", right)
             print ".TP"; print "@B@" left; print right }' | roff | sed -e 's/^@B@\(.*\)$/.B "\1"/' -e 's/^\\&\.TP$/.TP/'
}

example() { awk '$0 == "Example:" || $0 == "  Example:" { on = 1; next } on && /^ *$/ { exit } on { sub(/^ +/, ""); print }' | roff; }

# A command, then those below it.
command_section() {
    help=$("$bin/opx" "$@" --help)
    printf '.SS "opx %s"\n' "$(echo "$*" | roff)"
    printf '%s\n' "$help" | awk 'NR == 1 { sub(/^Usage: /, ""); print; exit }' | roff | sed 's/^/.B "/; s/$/"/'
    echo .PP
    # The description: from the third line to the first section.
    printf '%s\n' "$help" | awk 'NR > 2 && /^$/ { exit } NR > 2' | roff
    # The last options are everybody's: opx --help has them.
    printf '%s\n' "$help" | rows Options | awk '
        /^\.TP$/ { held = $0; next }
        held != "" { skip = ($0 ~ /account|quiet|\\-\\-help/); if (!skip) print held; held = "" }
        !skip'
    lines=$(printf '%s\n' "$help" | example)
    [ -z "$lines" ] || printf '.PP\n.RS 4\n.nf\n%s\n.fi\n.RE\n' "$lines"
    for below in $(printf '%s\n' "$help" | awk '$0 == "Commands:" { on = 1; next } on && /^$/ { exit } on { print $1 }'); do
        command_section "$@" "$below"
    done
}

fill() {
    program=$1 page=$2
    help=$("$bin/$program" --help)
    version=$("$bin/opx" --version | awk '{ print $2 }')
    while IFS= read -r line; do
        case $line in
            @OPTIONS@) printf '%s\n' "$help" | rows Options ;;
            @COMMANDS@)
                for name in $(printf '%s\n' "$help" | awk '$0 == "Commands:" { on = 1; next } on && /^$/ { exit } on { print $1 }'); do
                    command_section "$name"
                done
                ;;
            *) printf '%s\n' "$line" | sed "s/@VERSION@/$version/" ;;
        esac
    done <"$page.in" >"$out/$page"
}

fill opx opx.1
fill opx-authd opx-authd.8
for page in opx-policy.5 opx-config.5; do
    if [ "$(pwd)" != "$out" ]; then cp "$page" "$out/$page"; fi
done
