# A second certificate signed by the pinned one, or the same key with another certificate, is not the pinned one.
start_daemon
stop_daemon
openssl req -x509 -new -key "$DATA/tls.key" -out evil.crt -days 300 -subj /CN=op-authd-local -addext 'subjectAltName=DNS:op-authd-local' 2>/dev/null
cp "$DATA/tls.key" evil.key
openssl s_server -unix "$SOCKET" -cert evil.crt -key evil.key -naccept 3 -quiet >heard 2>&1 &
HELPERS=$!
wait_for test -S "$SOCKET"
chmod 600 "$SOCKET"
fails timeout 30 opx read op://v/i/f
stdout_empty
if grep -q "$(cat "$DATA/token")" heard; then fail "the token was sent"; fi
