start_daemon
before=$(ls -i "$SOCKET")
expect 0 opx-authd
stderr_has 'already|running'
is "$(ls -i "$SOCKET")" "$before"
one_daemon
prints "$(fake op://v/i/f)" opx read op://v/i/f
