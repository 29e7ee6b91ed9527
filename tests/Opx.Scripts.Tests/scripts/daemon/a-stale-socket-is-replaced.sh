# kill -9 leaves the socket's file; nothing answers on it; the next client starts a daemon that takes its place.
start_daemon
kill -KILL "$DAEMON"
wait "$DAEMON" || true
exists "$SOCKET"
prints "$(fake op://v/i/f)" opx read op://v/i/f
one_daemon
