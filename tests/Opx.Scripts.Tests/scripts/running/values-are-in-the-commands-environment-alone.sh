# needs linux
# Invariant 6: not in an argument list, not in the daemon's environment, no variable of opx's own added or SSL_CERT_* changed.
start_daemon
value=$(fake op://v/i/f)
env | sort >before
opx run --env T=op://v/i/f -- env | sort >after
grep -v "^T=" after >rest
# `_` is the shell's own note of the program it started.
grep -v '^_=' before >before.clean
grep -v '^_=' rest >after.clean
same before.clean after.clean
grep -q "^T=$value\$" after || fail "T is missing"

opx run --env T=op://v/i/f -- sh -c 'echo up; exec sleep 30' >"$OUT" &
child=$!
wait_for grep -q up "$OUT"
for list in /proc/[0-9]*/cmdline; do
    if cat "$list" 2>/dev/null | tr '\0' '\n' | grep -q "$value"; then fail "the value is in $list"; fi
done
kill "$child"
wait "$child" || true

export SSL_CERT_FILE=/some/file
is "$(opx run --env T=op://v/i/f -- printenv SSL_CERT_FILE)" /some/file
unset SSL_CERT_FILE
expect 1 opx run --env T=op://v/i/f -- printenv SSL_CERT_FILE
expect 1 opx run --env T=op://v/i/f -- printenv SSL_CERT_DIR
