# needs linux
# The limit is 2,048: the connection that has gone longest without a request makes room for the newcomer.
start_daemon
tool connect "$SOCKET" 2200 >open 2>&1
wait_for grep -q '2200 open' open
for i in 1 2 3; do prints "$(fake "op://v/i/f$i")" opx read "op://v/i/f$i"; done
one_daemon
