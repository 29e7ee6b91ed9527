# Off unless asked for; one refresh at a time; a refresh that fails is told in the status and recorded; a lock ends it all.
use_op
put op://v/i/f 1
start_daemon --ttl 1 --stale-while-revalidate 300 --enable-audit-log
prints 1 opx read op://v/i/f
put op://v/i/f 2
renewed() { [ "$(opx read op://v/i/f)" = 2 ]; }
wait_for renewed
body_of() { opx status --json; }
body_of | grep -q '"stale_while_revalidate":{"seconds":300,"refreshes_failed":0}' || fail "$(body_of)"

printf unavailable >"$OP/mode"
failed() {
    prints 2 opx read op://v/i/f
    [ "$(counter refreshes_failed)" -ge 1 ]
}
wait_for failed
body_of | grep -q '"last_failure":"backend_unavailable: ' || fail "$(body_of)"
expect 0 opx status
stdout_has 'refresh'
grep -q '"event":"CACHE".*op://v/i/f.*could not be read anew.*backend_unavailable' "$DATA"/audit-*.log || fail "no record: $(cat "$DATA"/audit-*.log)"

expect 0 opx lock
expect 5 opx read op://v/i/f
stop_daemon
