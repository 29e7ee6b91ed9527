# Invariant 6, on the wordiest setting.
use_op
put op://v/i/f CANARY-7f3a
mkdir -p "$OP/values/v/i"
printf '!RAW-BACKEND-TEXT' >"$OP/values/v/i/odd.error"
start_daemon --verbose
prints CANARY-7f3a opx read op://v/i/f
fails opx read op://v/i/odd
stderr_lacks 'RAW-BACKEND-TEXT'
fails opx read op://v/i/none
anonymous GET /v1/status -H 'X-OpAuthd-Token: WRONG-TOKEN-1234'
token=$(cat "$DATA/token")
stop_daemon
cat "$SCRATCH/daemon.log" "$SCRATCH/daemon.out" "$DATA"/*.log "$OP/calls" 2>/dev/null >everything || true
for word in CANARY-7f3a "$token" RAW-BACKEND-TEXT WRONG-TOKEN-1234; do
    if grep -q "$word" everything; then fail "$word is in a log or an argument list"; fi
done
