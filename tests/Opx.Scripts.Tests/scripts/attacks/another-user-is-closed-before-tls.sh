# needs root
# needs linux
# Even if every file were open and the token known: the peer's uid is read off the socket.
OP_AUTHD_BACKEND=fake as_me "$SCRATCH/bin/opx-authd" 2>"$SCRATCH/daemon.log" &
wait_for test -S "$SOCKET"
expect 0 as_me opx read op://v/i/f
chmod 755 "$SCRATCH" "$HOME" "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR/op-authd" "$HOME/.local" "$HOME/.local/share" "$DATA"
chmod 666 "$SOCKET"
chmod 644 "$DATA/token" "$DATA/tls.crt"
# Root is another user too.
for user in as_other env; do
    $user timeout 10 openssl s_client -unix "$SOCKET" -CAfile "$DATA/tls.crt" </dev/null >"$OUT" 2>&1 || true
    stdout_lacks 'BEGIN CERTIFICATE'
    code=0
    $user curl -sS --max-time 10 --unix-socket "$SOCKET" --cacert "$DATA/tls.crt" -H 'Host: unix' -H "X-OpAuthd-Token: $(cat "$DATA/token")" \
        https://op-authd-local/v1/status >"$OUT" 2>&1 || code=$?
    [ "$code" != 0 ] || fail "$user was answered: $(cat "$OUT")"
done
as_me timeout 10 openssl s_client -unix "$SOCKET" -CAfile "$DATA/tls.crt" </dev/null >"$OUT" 2>&1 || true
stdout_has 'BEGIN CERTIFICATE'
