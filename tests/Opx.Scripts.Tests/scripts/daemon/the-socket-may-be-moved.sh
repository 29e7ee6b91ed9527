# OPX_SOCKET_PATH for both, --sock for the daemon; a shared sticky directory such as /tmp is allowed.
moved=/tmp/ox-$$-$MY_UID.sock
AT_END="rm -f $moved $moved.lock"
export OPX_SOCKET_PATH="$moved"
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$moved"
mode_is "$moved" srw-------
missing "$SOCKET"
one_daemon
expect 0 opx daemon stop
wait_for no_daemon
missing "$moved"

"$SCRATCH/bin/opx-authd" --sock "$SCRATCH/tmp/by-option.sock" 2>"$SCRATCH/daemon.log" &
DAEMON=$!
export OPX_SOCKET_PATH="$SCRATCH/tmp/by-option.sock"
wait_for listening
prints "$(fake op://v/i/f)" env OPX_AUTOSTART=0 opx read op://v/i/f
stop_daemon
rm -f "$SCRATCH"/tmp/by-option.sock*
