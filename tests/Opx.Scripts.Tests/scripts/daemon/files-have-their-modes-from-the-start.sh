# Even under a umask that allows everything.
umask 000
start_daemon
mode_is "$DATA" drwx------
mode_is "$XDG_RUNTIME_DIR/op-authd" drwx------
mode_is "$SOCKET" srw-------
mode_is "$DATA/token" -rw-------
mode_is "$DATA/tls.crt" -rw-------
mode_is "$DATA/tls.key" -rw-------

# 64 lower-case hexadecimal characters without a newline.
is "$(bytes "$DATA/token")" 64
grep -qE '^[0-9a-f]{64}$' "$DATA/token" || fail "the token is $(cat "$DATA/token")"
first=$(cat "$DATA/token")

# Token and certificate outlive a restart.
cp "$DATA/tls.crt" first.crt
stop_daemon
start_daemon
is "$(cat "$DATA/token")" "$first"
same first.crt "$DATA/tls.crt"
