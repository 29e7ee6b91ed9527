# needs linux
# EMFILE: with 200 descriptors and 400 connections that say nothing, the daemon neither spins in accept nor lets anybody wait until they are timed out.
prlimit --nofile=200 "$SCRATCH/bin/opx-authd" --enable-audit-log 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for listening
usual
tool connect "$SOCKET" 400 >open 2>&1
wait_for grep -q '400 open' open
callers 4 op://v/i0/f op://v/i1/f op://v/i2/f
back
sleep "$CHAOS"
# What went to those that were in the backlog when the descriptors ran out is theirs; from here on there is none.
quiet_from_here
end_callers
stop_daemon
expect 0 opx audit verify
