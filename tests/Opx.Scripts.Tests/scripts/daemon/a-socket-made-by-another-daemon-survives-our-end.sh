# Pitfall 20: the path was replaced while we ran; at the end, which comes by itself as soon as the daemon looks, it is not ours to remove.
start_daemon
mv "$SOCKET" "$SOCKET.moved"
tool listen "$SOCKET" >listener
wait_for grep -q listening listener
code=0
wait "$DAEMON" || code=$?
is "exit $code" "exit 0"
exists "$SOCKET"
