# LISTEN_FDS (sd_listen_fds(3)): the socket at descriptor 3 is served and, as it is the manager's, stays at the end.
mkdir -m 0700 "$XDG_RUNTIME_DIR/op-authd"
tool activate "$SOCKET" "$SCRATCH/bin/opx-authd" >"$SCRATCH/daemon.out" 2>"$SCRATCH/daemon.log"
DAEMON=$TOOL
wait_for listening
before=$(ls -i "$SOCKET")
prints "$(fake op://v/i/f)" env OPX_AUTOSTART=0 opx read op://v/i/f
is "$(ls -i "$SOCKET")" "$before"
stop_daemon
exists "$SOCKET"
