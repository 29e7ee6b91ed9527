mkdir -m 700 "$SCRATCH/elsewhere" "$HOME/.local" "$HOME/.local/share"
ln -s "$SCRATCH/elsewhere" "$DATA"
fails opx read op://v/i/f
stdout_empty
stderr_has 'link'
stderr_has "$DATA"
fails opx-authd
stderr_has 'link'
rm "$DATA"
ln -s "$SCRATCH/elsewhere" "$XDG_RUNTIME_DIR/op-authd"
fails opx read op://v/i/f
stderr_has 'link'
is "$(ls -A "$SCRATCH/elsewhere")" ""
