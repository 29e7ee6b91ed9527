# A second certificate signed by the pinned one, or the same key with another certificate, is not the pinned one.
start_daemon
stop_daemon
openssl req -x509 -new -key "$DATA/tls.key" -out evil.crt -days 300 -subj /CN=op-authd-local -addext 'subjectAltName=DNS:op-authd-local' 2>/dev/null
cp "$DATA/tls.key" evil.key
# It stops when its standard input ends, and binds to short paths alone.
mkfifo input
openssl s_server -unix "$SCRATCH/s" -cert evil.crt -key evil.key -naccept 3 -quiet <input >heard 2>&1 &
HELPERS=$!
exec 9>input
wait_for test -S "$SCRATCH/s"
chmod 600 "$SCRATCH/s"
mv "$SCRATCH/s" "$SOCKET"
fails timeout 30 opx read op://v/i/f
stdout_empty
if grep -q "$(cat "$DATA/token")" heard; then fail "the token was sent"; fi
