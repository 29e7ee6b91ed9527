start_daemon
cat >file.env <<'END'
# a comment

PLAIN=value
export EXPORTED=yes
SINGLE='a $HOME "b" # not a comment'
DOUBLE="line one
line two"
EMPTY=
REFERENCE=op://v/i/f
QUOTED="op://v/i/g"
SPACES=  trimmed
END
expect 0 opx run --env-file file.env -- sh -c 'printf "%s|" "$PLAIN" "$SINGLE" "$DOUBLE" "$EMPTY" "$REFERENCE" "$QUOTED" "$SPACES"'
stdout_is_exactly "value|a \$HOME \"b\" # not a comment|line one${NL}line two||$(fake op://v/i/f)|$(fake op://v/i/g)|trimmed|"
stderr_empty
