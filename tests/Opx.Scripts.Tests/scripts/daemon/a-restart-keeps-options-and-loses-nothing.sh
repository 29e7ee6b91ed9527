# needs linux
# seconds: 120
# A daemon that somebody started with options: 'opx daemon restart' under load has the next one take its place with the same ones. No read is
# lost, not even one that op is busy with for longer than a daemon waits, and what the disk cache holds costs no second call.
use_op
put op://v/kept/f kept
put op://v/slow/f slow
mkdir elsewhere
printf '{"ttl":"1h"}' >elsewhere/config.json
(cd elsewhere && exec opx-authd --disk-cache --config config.json --session-timeout=3h >"$SCRATCH/daemon.log" 2>&1) &
HELPERS="${HELPERS-} $!"
wait_for listening
first=$(daemon_pid)
prints kept opx read op://v/kept/f
wait_for test -s "$DATA/cache.sealed"
kept_calls() { grep -c 'op://v/kept/f' "$OP/asked" || true; }
is "$(kept_calls) asked" "1 asked"

# One read that op takes its time for, and four readers that go on and on.
printf prompt >"$OP/mode"
opx read op://v/slow/f >"$SCRATCH/slow" 2>&1 &
slow=$!
wait_for test -e "$OP/prompted"
for reader in 1 2 3 4; do
    while [ ! -e "$SCRATCH/enough" ]; do opx read op://v/kept/f || echo "exit $?"; done >"$SCRATCH/reader.$reader" 2>&1 &
    HELPERS="$HELPERS $!"
done
read_something() { for reader in 1 2 3 4; do [ "$(wc -l <"$SCRATCH/reader.$reader")" -ge "$1" ] || return 1; done; }
wait_for read_something 2
expect 0 opx daemon restart
stderr_empty
stdout_has "^opx-authd stopped \(process $first\)$"
stdout_has "^opx-authd started \(process $(daemon_pid)\)$"
alive "$slow" || fail "the slow read has given up: $(cat "$SCRATCH/slow")"
: >"$OP/answer"
wait "$slow" || fail "the slow read: exit $?"
is "$(cat "$SCRATCH/slow")" slow
expect 0 opx daemon restart
more=$(($(wc -l <"$SCRATCH/reader.1") + 2))
wait_for read_something "$more"
: >"$SCRATCH/enough"
for reader in 1 2 3 4; do is "$(sort -u "$SCRATCH/reader.$reader")" kept; done
one_daemon
[ "$(daemon_pid)" != "$first" ] || fail "it was not restarted"

# The options are those of the first.
prints kept opx read op://v/kept/f
is "$(kept_calls) asked" "1 asked"
expect 0 opx status --json
stdout_has '"ttl_seconds":3600,'
stdout_has '"idle_timeout_seconds":10800,'
stdout_has "\"arguments\":\[\"--disk-cache\",\"--config=$SCRATCH/work/elsewhere/config.json\",\"--session-timeout=3h\"\]"

# What cannot be started anew is not stopped.
second=$(daemon_pid)
expect 6 env OPX_AUTHD_PATH="$SCRATCH/nowhere" opx daemon restart
is "$(daemon_pid)" "$second"
expect 0 opx daemon stop
