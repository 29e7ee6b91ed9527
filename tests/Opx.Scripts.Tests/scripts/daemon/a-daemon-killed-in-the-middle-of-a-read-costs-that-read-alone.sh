use_op
put op://v/i/f value
printf prompt >"$OP/mode"
start_daemon
opx read op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for test -e "$OP/prompted"
kill -KILL "$DAEMON"
wait "$DAEMON" || true
code=0
wait "$reader" || code=$?
is "exit $code" "exit 6"
one_error 'daemon|connection'

# The double that was waiting for a finger has lost its daemon; it is ended here. The next read is a new world.
echo ok >"$OP/mode"
: >"$OP/answer"
prints value opx read op://v/i/f
one_daemon
