expect 0 opx daemon start
one_daemon
first=$(daemon_pid)
expect 0 opx daemon start
is "$(daemon_pid)" "$first"
one_daemon
prints "$(fake op://v/i/f)" opx read op://v/i/f

expect 0 opx daemon restart
one_daemon
[ "$(daemon_pid)" != "$first" ] || fail "it was not restarted"
prints "$(fake op://v/i/f)" opx read op://v/i/f

expect 0 opx daemon stop
wait_for no_daemon
missing "$SOCKET"
expect 6 opx status
# Nothing to stop is no failure of stopping.
expect 0 opx daemon stop
no_daemon || fail "stop started one"
