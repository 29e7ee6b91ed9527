# NOTIFY_SOCKET (sd_notify(3)): READY=1 when the socket is served, and not before.
tool notified "$SCRATCH/n.sock" READY=1 >notified
wait_for grep -q waiting notified
NOTIFY_SOCKET=$SCRATCH/n.sock "$SCRATCH/bin/opx-authd" 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for grep -q READY=1 notified
prints "$(fake op://v/i/f)" env OPX_AUTOSTART=0 opx read op://v/i/f
wait "$TOOL"
stop_daemon
