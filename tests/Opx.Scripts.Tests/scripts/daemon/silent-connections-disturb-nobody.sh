# 150 that connect and say nothing.
start_daemon
tool connect "$SOCKET" 150 >open 2>&1
wait_for grep -q '150 open' open
before=$(now_ms)
prints "$(fake op://v/i/f)" opx read op://v/i/f
took=$(($(now_ms) - before))
at_most "$took" 2000
api GET /v1/status
answers 200
