# needs linux
# A third of a handshake's time, and state that resumes a session without asking again who it is.
tickets() { # PATH
    # Or the end of the last one is taken for this one's.
    : >"$SCRATCH/said"
    (printf 'GET /v1/status HTTP/1.1\r\nHost: unix\r\nConnection: close\r\n\r\n'; wait_for grep -q 'HTTP/1' "$SCRATCH/said") |
        openssl s_client -unix "$1" >"$SCRATCH/said" 2>&1 || true
    grep -ci 'session ticket' "$SCRATCH/said" || true
}
start_daemon
is "$(tickets "$SOCKET")" 0
grep -q 'HTTP/1.1 401' "$SCRATCH/said" || fail "nobody answered"
# The client says so where there are some: OpenSSL's own server, with the same certificate, makes two.
data=$HOME/.local/share/op-authd
openssl s_server -quiet -www -unix "$SCRATCH/theirs" -cert "$data/tls.crt" -key "$data/tls.key" >/dev/null 2>&1 &
wait_for test -S "$SCRATCH/theirs"
made=$(tickets "$SCRATCH/theirs")
kill $!
[ "$made" != 0 ] || fail "there would have been none anyway"
