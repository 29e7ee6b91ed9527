# Under 30 days are left: the daemon makes a new one at its start.
start_daemon
stop_daemon
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DATA/tls.key" -out "$DATA/tls.crt" -days 20 \
    -subj /CN=op-authd-local -addext 'subjectAltName=DNS:op-authd-local,DNS:localhost' 2>/dev/null
chmod 600 "$DATA/tls.key" "$DATA/tls.crt"
start_daemon
openssl x509 -in "$DATA/tls.crt" -noout -checkend $((300 * 86400)) >/dev/null || fail "the old certificate is still there"
prints "$(fake op://v/i/f)" opx read op://v/i/f
