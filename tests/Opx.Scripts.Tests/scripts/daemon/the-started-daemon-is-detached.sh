# needs linux
# Its own session, no descriptor of the starter, not ended with the starter's group (pitfall 18), log in the data directory.
setsid sh -c 'exec 7>held; opx read op://v/i/f >out; echo "$$" >starter'
one_daemon
pid=$(daemon_pid)
session=$(ps -o sid= -p "$pid" | tr -d ' ')
[ "$session" != "$(cat starter)" ] || fail "the daemon is in its starter's session"
kill -INT "-$(cat starter)" 2>/dev/null || true
kill -HUP "-$(cat starter)" 2>/dev/null || true
one_daemon
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$DATA/opx-authd.log"
mode_is "$DATA/opx-authd.log" -rw-------

# A lock taken on the starter's descriptor is free: nobody holds a copy.
flock -n held true || fail "the daemon holds the starter's file"
