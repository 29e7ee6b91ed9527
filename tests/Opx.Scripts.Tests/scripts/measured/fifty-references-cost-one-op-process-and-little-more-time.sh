# P5: one op process, and at most 1.25 times the time of one op call. The middle one of five pairs counts; op takes 300 ms.
use_op
echo 0.3 >"$OP/delay"
i=0
set --
while [ "$i" -lt 50 ]; do
    i=$((i + 1))
    put "op://v/i/f$i" "value-$i"
    set -- "$@" --env "V$i=op://v/i/f$i"
    eval "export N$i=op://v/i/f$i"
done
start_daemon
expect 0 opx run "$@" -- sh -c 'echo "$V1 $V50"'
stdout_is 'value-1 value-50'
is "$(op_calls)" 1

: >ratios
for round in 1 2 3 4 5; do
    opx invalidate --all >/dev/null
    t0=$(now_ms)
    # What one op call costs by itself: the same fifty, without opx.
    op run --no-masking -- env -0 >/dev/null
    t1=$(now_ms)
    opx run --no-env-refs "$@" -- true
    t2=$(now_ms)
    echo "round $round: op $((t1 - t0)) ms, opx $((t2 - t1)) ms"
    echo $(((t2 - t1) * 1000 / (t1 - t0))) >>ratios
done
middle=$(sort -n ratios | sed -n 3p)
echo "ratio in thousandths: $middle"
at_most "$middle" 1250
is "$(op_calls)" 11
