use_op
put op://v/i/f value
echo 1 >"$OP/delay"
start_daemon
opx read op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for grep -q . "$OP/calls"
stop_daemon
code=0
wait "$reader" || code=$?
is "exit $code $(cat "$ERR")" "exit 0 "
stdout_is value
missing "$SOCKET"
