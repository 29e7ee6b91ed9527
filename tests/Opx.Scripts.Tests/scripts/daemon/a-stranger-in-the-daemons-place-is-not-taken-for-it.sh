# seconds: 60
# Somebody of the same user listens where the daemon would: 'opx daemon start' does not say that it runs.
start_daemon
stop_daemon
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.crt -days 365 -subj /CN=op-authd-local 2>/dev/null
mkfifo input
openssl s_server -unix "$SCRATCH/s" -cert other.crt -key other.key -naccept 5 -quiet <input >heard 2>&1 &
HELPERS=$!
exec 9>input
wait_for test -S "$SCRATCH/s"
chmod 600 "$SCRATCH/s"
mv "$SCRATCH/s" "$SOCKET"
expect 6 timeout 45 opx daemon start
one_error "openssl \\(process $HELPERS\\) is in the place of opx-authd: .*certificate"
no_daemon || fail "one was started beside it"
if grep -q "$(cat "$DATA/token")" heard; then fail "the token was sent"; fi
kill "$HELPERS"
wait "$HELPERS" 2>/dev/null || true
rm -f "$SOCKET"

# Our own, with another token than the file has by now.
start_daemon
printf '%064d' 1 >"$DATA/token"
expect 6 opx daemon start
one_error "opx-authd.* \\(process $DAEMON\\) is in the place of opx-authd: .*another token.*opx daemon restart"
expect 1 opx read op://v/i/f
one_error "another token.*$DATA/token.*opx daemon restart"
expect 0 opx daemon restart
prints "$(fake op://v/i/f)" opx read op://v/i/f
expect 0 opx daemon start
