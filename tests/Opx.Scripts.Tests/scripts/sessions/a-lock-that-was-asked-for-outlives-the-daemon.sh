# 'opx lock' holds over a stop, a kill and a restart until 'opx unlock'; a daemon that only stopped is not locked by that.
value=$(fake op://v/i/f)
start_daemon --enable-audit-log
prints "$value" opx read op://v/i/f
stop_daemon
start_daemon --enable-audit-log
prints "$value" opx read op://v/i/f
missing "$DATA/locked"
expect 0 opx lock
mode_is "$DATA/locked" -rw-------
is "$(bytes "$DATA/locked")" 0
expect 5 opx read op://v/i/f
one_error 'locked by hand.*opx unlock'

stop_daemon
start_daemon --enable-audit-log
expect 0 opx status
stdout_has "locked: 'opx unlock' ends it"
expect 5 opx read op://v/i/f
one_error 'locked before the daemon started.*opx unlock'
kill -KILL "$DAEMON"
wait "$DAEMON" || true
# Whoever starts the next one.
expect 5 opx read op://v/i/f
expect 0 opx daemon restart
expect 5 opx run --env A=op://v/i/f -- true
expect 0 opx lock
exists "$DATA/locked"
expect 0 opx unlock
missing "$DATA/locked"
prints "$value" opx read op://v/i/f
expect 0 opx daemon restart
prints "$value" opx read op://v/i/f
expect 0 opx daemon stop
grep -q '"event":"SESSION","reason":"somebody asked for it before the daemon started","outcome":"locked"' "$DATA"/audit-*.log || fail "no record of it"

# Whatever lies there counts, and what cannot be removed will count again.
mkdir "$DATA/locked"
expect 5 opx read op://v/i/f
expect 0 opx unlock
stderr_has "^opx: the next daemon will be locked again, because $DATA/locked cannot be removed"
prints "$value" opx read op://v/i/f
expect 0 opx daemon restart
expect 5 opx read op://v/i/f
expect 0 opx daemon stop
