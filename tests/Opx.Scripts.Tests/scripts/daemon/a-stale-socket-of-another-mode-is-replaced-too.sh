# A socket's file that others may use is refused while somebody listens on it; where nobody does, a new one takes its place.
start_daemon
chmod 666 "$SOCKET"
expect 1 opx read op://v/i/f
one_error 'has mode 0666 and needs 0600: run opx daemon restart'
kill -KILL "$DAEMON"
wait "$DAEMON" || true
prints "$(fake op://v/i/f)" opx read op://v/i/f
mode_is "$SOCKET" srw-------
chmod 666 "$SOCKET"
expect 0 opx daemon restart
prints "$(fake op://v/i/f)" opx read op://v/i/f
