mkdir "$HOME/.op-authd"
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$HOME/.op-authd/socket.sock"
exists "$HOME/.op-authd/token"
missing "$DATA"
missing "$SOCKET"
