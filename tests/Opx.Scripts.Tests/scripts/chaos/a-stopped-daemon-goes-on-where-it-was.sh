# needs linux
# SIGSTOP and SIGCONT, and with them what a sleep of the machine does: no timer fires meanwhile, but the time is over all the same.
use_op
for number in 0 1 2; do put "op://v/i$number/f" "$(fake "op://v/i$number/f")"; done
put op://v/changed/f before
start_daemon --ttl 2
usual
callers 4 op://v/i0/f op://v/i1/f op://v/i2/f
round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 1))
    printf before >"$OP/values/v/changed/f.value"
    expect 0 opx read --fresh op://v/changed/f
    opx read op://v/i1/f >"$SCRATCH/waited" &
    reader=$!
    kill -STOP "$DAEMON"
    sleep 2.1
    printf after >"$OP/values/v/changed/f.value"
    kill -CONT "$DAEMON"
    prints after opx read op://v/changed/f
    wait "$reader"
    is "$(cat "$SCRATCH/waited")" "$(fake op://v/i1/f)"
    back
done
end_callers
no_errors
stop_daemon
