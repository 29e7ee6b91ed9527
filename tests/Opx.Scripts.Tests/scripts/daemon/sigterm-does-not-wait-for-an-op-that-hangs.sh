use_op
put op://v/i/f value
echo hang >"$OP/mode"
start_daemon
opx read op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for grep -q . "$OP/calls"
before=$(now_ms)
stop_daemon
took=$(($(now_ms) - before))
at_most "$took" 9000
wait "$reader" && fail "a value from nowhere"
stdout_empty
wait_for sh -c '! kill -0 "$(head -n 1 "$OP_DOUBLE_DIR/pids")" 2>/dev/null'
