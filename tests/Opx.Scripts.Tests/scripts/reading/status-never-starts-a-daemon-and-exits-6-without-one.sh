# Pitfall 26.
expect 6 opx status
one_error 'daemon'
expect 6 opx status --json
stdout_empty
no_daemon || fail "status started a daemon"
missing "$SOCKET"
