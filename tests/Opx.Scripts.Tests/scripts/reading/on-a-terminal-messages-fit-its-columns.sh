# needs linux
# needs program script
# seconds: 120
# Of 80 columns and of 60: no line is wider, but for one word that is, as a path may be. Into a file each message stays one line.
use_op
on_terminal() { # COLUMNS WORDS…
    columns=$1
    shift
    script -qec "stty cols $columns; $*" /dev/null </dev/null 2>&1 | sed 's|\r||g; s|\x1b\[[0-9]*m||g' >"$OUT" || true
    [ -s "$OUT" ] || fail "nothing was said by: $*"
    # Wider is only a line that ends in a word with which no line would be narrower.
    awk -v most="$columns" -v long=$((columns - 30)) \
        'length($0) > most && length($NF) < long { print; wide = 1 } END { exit wide }' "$OUT" || fail "wider than $columns columns: $*"
}
each() {
    for columns in 80 60; do
        on_terminal "$columns" opx doctor
        on_terminal "$columns" opx status
        on_terminal "$columns" opx login status
        on_terminal "$columns" opx service status
        on_terminal "$columns" opx policy check
        on_terminal "$columns" opx policy list
        on_terminal "$columns" opx read op://nowhere/item/field
        on_terminal "$columns" opx read op://nowhere
        on_terminal "$columns" opx read --frsh op://v/i/f
        on_terminal "$columns" opx run --env-file nowhere -- true
        on_terminal "$columns" opx inject -i nowhere
        on_terminal "$columns" opx shim install --dir "$SCRATCH/shim"
        on_terminal "$columns" opx shim uninstall --dir "$SCRATCH/shim"
        on_terminal "$columns" opx migrate --dry-run
        on_terminal "$columns" opx audit verify
        on_terminal "$columns" opx invalidate --all
        on_terminal "$columns" opx login nowhere
    done
}
each
stdout_has opx
start_daemon --enable-audit-log --stale-while-revalidate 60
put op://v/i/f value
each
policy '{"allow":[{"path":"/nowhere/at/all","refs":["op://v/i/f","op://v/i/another-field-of-it"],"parents":["/usr/bin/make"]}]}'
each
policy '{"allow":[{'
each

opx doctor >"$OUT" 2>&1 || true
stdout_has '^FAULT .*policy .*every read is refused'
