# Invariant 8. A plain file, a directory, and a socket on which somebody answers.
mkdir -p "$XDG_RUNTIME_DIR/op-authd"
echo keep >"$SOCKET"
fails opx-authd
[ -s "$ERR" ] || fail "no message"
is "$(cat "$SOCKET")" keep
fails opx read op://v/i/f
stdout_empty
is "$(cat "$SOCKET")" keep
rm "$SOCKET"

mkdir "$SOCKET"
fails opx-authd
exists "$SOCKET/."
rmdir "$SOCKET"

tool listen "$SOCKET" >listener
wait_for grep -q listening listener
before=$(ls -i "$SOCKET")
expect_no_removal() { is "$(ls -i "$SOCKET")" "$before"; }
timeout 20 opx-authd >"$OUT" 2>"$ERR" || echo "ended with $?"
expect_no_removal
