# needs linux
# A shell ignores SIGINT in what it starts in the background; GNU env puts the default back.
env --default-signal=INT "$SCRATCH/bin/opx-authd" 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for listening
kill -INT "$DAEMON"
code=0
wait "$DAEMON" || code=$?
is "exit $code" "exit 0"
missing "$SOCKET"
