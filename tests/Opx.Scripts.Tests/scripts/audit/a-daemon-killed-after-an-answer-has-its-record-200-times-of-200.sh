# seconds: 240
# The record is in the file before the answer is on the wire, so killing the daemon right behind the answer loses none.
i=0
while [ "$i" -lt 200 ]; do
    i=$((i + 1))
    opx-authd --enable-audit-log 2>>"$SCRATCH/daemon.log" &
    DAEMON=$!
    wait_for listening
    expect 0 opx read "op://v/i/number-$i"
    kill -KILL "$DAEMON"
    wait "$DAEMON" || true
    grep -q "\"reference\":\"op://v/i/number-$i\"" "$DATA"/audit-*.log || fail "the record of read $i is missing"
done
expect 0 opx audit verify
