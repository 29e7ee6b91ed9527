# Pitfall 22: death by signal is seen as death by that signal, not as 255.
start_daemon
for code in 0 1 7 42 255; do expect "$code" opx run --env T=op://v/i/f -- sh -c "exit $code"; silent; done
# shellcheck disable=SC2016 # the inner shell's
expect 143 opx run --env T=op://v/i/f -- sh -c 'kill -TERM $$'
# shellcheck disable=SC2016
expect 137 opx run --env T=op://v/i/f -- sh -c 'kill -KILL $$'

# A signal sent to opx's process id reaches the command, which handles it itself.
opx run --env T=op://v/i/f -- sh -c 'trap "echo caught; exit 9" TERM; echo up; while :; do sleep 0.05; done' >"$OUT" 2>"$ERR" &
pid=$!
wait_for grep -q up "$OUT"
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
is "$code" 9
stdout_has caught
