# Pitfall 39: op has exited, something that it started still holds its output.
use_op
put op://v/i/f value
echo grandchild >"$OP/mode"
start_daemon
before=$(now_ms)
prints value opx read op://v/i/f
at_most $(($(now_ms) - before)) 10000
for pid in $(processes sleep); do kill -KILL "$pid" || true; done
