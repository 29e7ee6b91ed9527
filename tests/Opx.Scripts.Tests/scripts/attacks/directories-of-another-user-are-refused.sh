# needs root
# needs linux
as_me mkdir -p "$HOME/.local/share"
mkdir -m 700 "$DATA"
chown "$OTHER_UID:$OTHER_UID" "$DATA"
fails as_me opx read op://v/i/f
stdout_empty
stderr_has "$DATA"
fails as_me opx-authd
stderr_has "$DATA"
rmdir "$DATA"
mkdir -m 700 "$XDG_RUNTIME_DIR/op-authd"
chown "$OTHER_UID:$OTHER_UID" "$XDG_RUNTIME_DIR/op-authd"
fails as_me opx read op://v/i/f
stderr_has "$XDG_RUNTIME_DIR/op-authd"
