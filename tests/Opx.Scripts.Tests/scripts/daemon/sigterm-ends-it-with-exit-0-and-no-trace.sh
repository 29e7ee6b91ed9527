# Pitfall 24: a clean stop that exits 1 makes the service manager start it again.
start_daemon
exists "$SOCKET"
prints "$(fake op://v/i/f)" opx read op://v/i/f
stop_daemon
missing "$SOCKET"
no_daemon || fail "still there"

# The lock is free again.
start_daemon
stop_daemon
