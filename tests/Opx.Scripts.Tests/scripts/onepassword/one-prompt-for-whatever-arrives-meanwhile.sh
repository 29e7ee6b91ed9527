# While op may ask for a finger, one op process runs per account; what arrives leaves together as the next batch.
use_op
printf prompt >"$OP/mode"
put op://v/i/first 1
start_daemon
opx read op://v/i/first >first 2>&1 &
pids=$!
wait_for test -e "$OP/prompted"
for i in 1 2 3 4 5 6 7 8 9 10; do
    put "op://v/i/f$i" "value-$i"
    opx read "op://v/i/f$i" >"out.$i" 2>&1 &
    pids="$pids $!"
done
eleven_in_flight() { [ "$(counter in_flight)" = 11 ] || [ "$(counter misses)" = 11 ]; }
wait_for eleven_in_flight
is "$(op_calls)" 1
: >"$OP/answer"
for pid in $pids; do wait "$pid" || fail "$(cat first out.*)"; done
is "$(cat first)" 1
for i in 1 2 3 4 5 6 7 8 9 10; do is "$(cat "out.$i")" "value-$i"; done
is "$(op_calls)" 2
