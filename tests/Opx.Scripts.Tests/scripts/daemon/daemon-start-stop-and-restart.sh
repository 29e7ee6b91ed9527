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

# A daemon that works is not stopped for one that would not start.
second=$(daemon_pid)
settings '{"nonsense":1}'
expect 1 opx daemon restart
one_error 'goes on as it is, because a new one would not start: .*nonsense'
is "$(daemon_pid)" "$second"
prints "$(fake op://v/i/f)" opx read op://v/i/f
settings '{}'

expect 0 opx daemon stop
wait_for no_daemon
missing "$SOCKET"
expect 6 opx status
# Nothing to stop is no failure of stopping.
expect 0 opx daemon stop
no_daemon || fail "stop started one"
