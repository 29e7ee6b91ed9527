# needs linux
# A third of a handshake's time, and state that resumes a session without asking again who it is.
tickets() {
    # Or the end of the last one is taken for this one's.
    : >"$SCRATCH/said"
    (printf 'GET /v1/status HTTP/1.1\r\nHost: unix\r\nConnection: close\r\n\r\n'; wait_for grep -q 'HTTP/1.1 401' "$SCRATCH/said") |
        openssl s_client -unix "$SOCKET" >"$SCRATCH/said" 2>&1 || true
    grep -ci 'session ticket' "$SCRATCH/said" || true
}
start_daemon
is "$(tickets)" 0
stop_daemon
# A configuration of OpenSSL's that somebody chose is left alone, and then it makes them.
: >"$SCRATCH/openssl.cnf"
OPENSSL_CONF=$SCRATCH/openssl.cnf start_daemon
[ "$(tickets)" != 0 ] || fail "there would have been none anyway"
