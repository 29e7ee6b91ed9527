unset XDG_RUNTIME_DIR
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$DATA/socket.sock"
one_daemon
# Empty counts as unset.
prints "$(fake op://v/i/f)" env XDG_RUNTIME_DIR='' XDG_DATA_HOME='' opx read op://v/i/f
one_daemon
