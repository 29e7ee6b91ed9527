# 50 good ones and three bad ones: every good one has its value, each bad one its own failure, in at most 8 op processes.
use_op
set --
i=0
while [ "$i" -lt 50 ]; do
    i=$((i + 1))
    put "op://v/i/f$i" "value-$i"
    set -- "$@" "op://v/i/f$i"
    case $i in 5) set -- "$@" op://v/i/gone ;; 25) set -- "$@" op://nowhere/i/f ;; 45) set -- "$@" op://v/none/f ;; esac
done
start_daemon
expect 4 opx read --json "$@"
i=0
while [ "$i" -lt 50 ]; do
    i=$((i + 1))
    grep -qF "\"value-$i\"" "$OUT" || fail "value-$i is missing"
done
is "$(grep -o '"not_found"' "$OUT" | wc -l | tr -d ' ')" 3
echo "op processes: $(op_calls)"
at_most "$(op_calls)" 8
