# seconds: 120
# Pitfall 16: the one that came first is killed; the others are served.
use_op
printf prompt >"$OP/mode"
put op://v/i/f value
start_daemon
opx read op://v/i/f >first 2>&1 &
leader=$!
wait_for test -e "$OP/prompted"
i=0
pids=
while [ "$i" -lt 199 ]; do
    i=$((i + 1))
    opx read op://v/i/f >"out.$i" 2>&1 &
    pids="$pids $!"
done
all_joined() { [ "$(counter coalesced)" = 199 ]; }
wait_for all_joined
kill -KILL "$leader"
wait "$leader" || true
: >"$OP/answer"
for pid in $pids; do wait "$pid" || fail "a caller was not served: $(cat out.* | sort | uniq -c)"; done
is "$(cat out.* | sort | uniq -c | tr -s ' ')" " 199 value"
is "$(op_calls)" 1
