start_daemon
stop_daemon
open() {
    chmod "$2" "$1"
    fails opx read op://v/i/f
    stdout_empty
    stderr_has "$1"
    stderr_has '0?700'
    fails opx-authd
    stderr_has "$1"
    chmod 700 "$1"
}
open "$DATA" 755
open "$DATA" 770
open "$XDG_RUNTIME_DIR/op-authd" 711
prints "$(fake op://v/i/f)" opx read op://v/i/f
one_daemon

# Also when the daemon runs already: the client checks for itself.
chmod 755 "$XDG_RUNTIME_DIR/op-authd"
fails opx read op://v/i/f
stderr_has "$XDG_RUNTIME_DIR/op-authd"
chmod 700 "$XDG_RUNTIME_DIR/op-authd"
