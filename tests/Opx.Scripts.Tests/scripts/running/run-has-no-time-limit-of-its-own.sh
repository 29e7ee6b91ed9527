# needs linux
# Pitfall 22: what stops a command is the person, not a deadline. (That the client process is gone is why none can exist.)
start_daemon
opx run --env T=op://v/i/f -- sleep 40 &
pid=$!
wait_for sh -c "grep -q '^sleep' /proc/$pid/comm"
is "$(processes opx)" ""
kill "$pid"
wait "$pid" || true
