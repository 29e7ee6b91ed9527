# Half a token file (a full disk, a copy gone wrong) is never a token.
start_daemon
stop_daemon
printf abc >"$DATA/token"
timeout 20 opx read op://v/i/f >"$OUT" 2>"$ERR" || true
# Either both sides refuse it, or the daemon has made a whole new one; what may not be is a daemon that takes "abc".
if listening; then
    is "$(bytes "$DATA/token")" 64
fi
: >"$DATA/token"
timeout 20 opx read op://v/i/f >"$OUT" 2>"$ERR" || true
if listening; then
    anonymous GET /v1/status -H 'X-OpAuthd-Token: '
    problem 401 unauthorized
fi
