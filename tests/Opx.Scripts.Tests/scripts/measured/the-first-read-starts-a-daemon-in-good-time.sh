# A guard against sleeping and polling when a daemon is started: a first read against a warm one, medians of five. The target is 12 times a
# warm read, on a quiet machine; a machine that does other things as well is left room, for a sleep would show all the same.
: >cold
: >warm
for round in 1 2 3 4 5; do
    t0=$(now_ms)
    opx read op://v/i/f >/dev/null
    t1=$(now_ms)
    opx read op://v/i/f >/dev/null
    t2=$(now_ms)
    echo "round $round: cold $((t1 - t0)) ms, warm $((t2 - t1)) ms"
    echo $((t1 - t0)) >>cold
    echo $((t2 - t1)) >>warm
    opx daemon stop >/dev/null
    wait_for no_daemon
done
at_most "$(sort -n cold | sed -n 3p)" $(($(sort -n warm | sed -n 3p) * 20 + 50))
