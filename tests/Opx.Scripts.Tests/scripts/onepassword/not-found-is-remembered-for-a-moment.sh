# Errors use up the quota too.
use_op
mkdir -p "$OP/values/v/i"
start_daemon
expect 4 opx read op://v/i/none
calls=$(op_calls)
expect 4 opx read op://v/i/none
is "$(op_calls)" "$calls"
put op://v/i/none here
prints here opx read --fresh op://v/i/none
