# Pitfall 20: the path was replaced while we ran; at the end it is not ours to remove.
start_daemon
mv "$SOCKET" "$SOCKET.moved"
tool listen "$SOCKET" >listener
wait_for grep -q listening listener
kill -TERM "$DAEMON"
code=0
wait "$DAEMON" || code=$?
is "exit $code" "exit 0"
exists "$SOCKET"
