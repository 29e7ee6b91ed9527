# P8, loosely, as a guard against sleeping and polling: a read that starts the daemon, against a warm one. Medians of five.
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
at_most "$(sort -n cold | sed -n 3p)" $(($(sort -n warm | sed -n 3p) * 12 + 20))
