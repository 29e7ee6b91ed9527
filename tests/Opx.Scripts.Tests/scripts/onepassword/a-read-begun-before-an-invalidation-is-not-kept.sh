# Pitfall 13, invariant 4.
use_op
printf prompt >"$OP/mode"
put op://v/i/f old
start_daemon
opx read op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for test -e "$OP/prompted"
expect_removed() { opx invalidate --all >removed; }
expect_removed
: >"$OP/answer"
wait "$reader" || fail "$(cat "$ERR")"
stdout_is old
put op://v/i/f new
prints new opx read op://v/i/f
