# Somebody of the same user listens on our socket with a certificate of its own, name and all: the client leaves before it says anything.
start_daemon
stop_daemon
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout evil.key -out evil.crt -days 365 \
    -subj /CN=op-authd-local -addext 'subjectAltName=DNS:op-authd-local,DNS:localhost' 2>/dev/null
# It stops when its standard input ends, and binds to short paths alone.
mkfifo input
openssl s_server -unix "$SCRATCH/s" -cert evil.crt -key evil.key -naccept 5 -quiet <input >heard 2>&1 &
HELPERS=$!
exec 9>input
wait_for test -S "$SCRATCH/s"
chmod 600 "$SCRATCH/s"
mv "$SCRATCH/s" "$SOCKET"
fails timeout 30 opx read op://v/i/f
stdout_empty
stderr_has '^opx: .*(certificate|tls\.crt)'
fails timeout 30 opx status
fails timeout 30 opx run --env T=op://v/i/f -- touch ran
missing ran
if grep -q "$(cat "$DATA/token")" heard; then fail "the token was sent"; fi
if grep -qi 'opauthd' heard; then fail "a request was sent"; fi
exists "$SOCKET"
