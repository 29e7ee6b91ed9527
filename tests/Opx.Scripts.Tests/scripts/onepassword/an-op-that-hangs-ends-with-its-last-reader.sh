# Ctrl-C: the op process and its whole group go, and the next read starts anew.
use_op
put op://v/i/f value
echo hang >"$OP/mode"
start_daemon
opx read op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for grep -q . "$OP/pids"
kill -TERM "$reader"
wait "$reader" || true
gone() { ! alive "$(head -n 1 "$OP/pids")" && [ -z "$(processes sleep)" ]; }
wait_for gone
echo ok >"$OP/mode"
prints value opx read op://v/i/f
