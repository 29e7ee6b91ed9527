# seconds: 60
mkdir -p "$XDG_RUNTIME_DIR/op-authd"
start_daemon
stop_daemon
tool listen "$SOCKET" >listener
wait_for grep -q listening listener
fails timeout 45 opx read op://v/i/f
stdout_empty
stderr_has '^opx: '
fails timeout 45 opx status
