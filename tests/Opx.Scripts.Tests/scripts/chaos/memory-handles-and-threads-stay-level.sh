# needs linux
# seconds: 120
# Soak: $SOAK seconds at a bounded rate, with a fault by chance every few seconds. What the daemon holds in the last quarter is what it held in the
# second: a leak of any kind grows. Of memory and descriptors it is the least that counts, to which the daemon comes back. The series is printed.
use_op
number=0
set -- op://v/private/f
while [ "$number" -lt 20 ]; do
    put "op://v/i$number/f" "$(fake "op://v/i$number/f")"
    set -- "$@" "op://v/i$number/f"
    number=$((number + 1))
done
start_daemon --enable-audit-log --ttl 20
good='{"allow":[{"path":"/nowhere","refs":["op://v/private/f"]}]}'
policy "$good"
usual
PAUSE=100
callers 6 "$@"
rude 3 "$@"

mode() { printf '%s' "$1" >"$OP/mode.new"; mv "$OP/mode.new" "$OP/mode"; }
fault() {
    case $1 in
    0) mode unavailable; sleep 1; mode ok ;;
    1) mode 'rate-limited 1 seconds'; sleep 1; mode ok ;;
    2) mode signed-out; sleep 1; mode ok ;;
    3) mode 'megabytes 17'; sleep 1; mode ok ;;
    4) kill -STOP "$DAEMON"; sleep 1; kill -CONT "$DAEMON" ;;
    5) prlimit --pid "$DAEMON" --fsize=1:; sleep 1; prlimit --pid "$DAEMON" --fsize=unlimited: ;;
    6) policy '{"allow":[{'; sleep 1; policy "$good" ;;
    7) expect 0 opx lock; sleep 1; expect 0 opx unlock ;;
    8) expect 0 opx invalidate --all ;;
    9) for account in a b c d e f g h; do opx read --account "$account$(date +%s)" op://v/i0/f >/dev/null 2>&1 || true; done ;;
    10) tool connect "$SOCKET" 300 >"$SCRATCH/silent" 2>&1; wait_for grep -q open "$SCRATCH/silent"; kill "$TOOL"; wait_for few_descriptors ;;
    *) ;;
    esac
}
# The daemon shows its descriptors to nobody, but since Linux 6.2 the size of their directory is their number.
descriptors() { stat -c %s "/proc/$DAEMON/fd"; }
few_descriptors() { [ "$(descriptors)" -lt 150 ]; }
sample() {
    awk -v at="$1" -v descriptors="$(descriptors)" '/^VmRSS/ { memory = $2 } /^Threads/ { threads = $2 }
        END { print at, memory, descriptors, threads }' "/proc/$DAEMON/status" >>"$SCRATCH/series"
}
[ "$(descriptors)" -gt 0 ] || fail 'this kernel does not tell the number of descriptors'

began=$(now_ms)
every=$((SOAK * 1000 / 48))
next=$every
faults=0
while [ $(($(now_ms) - began)) -lt $((SOAK * 1000)) ]; do
    faults=$((faults + 1))
    fault "$(SEED=$((SEED + faults)); chances 5 24 | tail -n 1)"
    if [ $(($(now_ms) - began)) -ge "$next" ]; then
        sample $((($(now_ms) - began) / 1000))
        next=$((next + every))
    fi
    sleep 0.25
done
back 16000
end_callers
echo "  second, KiB resident, descriptors, threads:"
cat "$SCRATCH/series"

# ranked SHARE COLUMN FROM TO: of these rows' values the one at that place, 0 for the least, 0.5 for the median.
rows=$(wc -l <"$SCRATCH/series")
ranked() {
    sed -n "$(($3 + 1)),$4p" "$SCRATCH/series" | cut -d' ' -f"$2" | sort -n |
        awk -v share="$1" '{ all[NR] = $1 } END { print all[int((NR - 1) * share) + 1] }'
}
# level SHARE COLUMN WHAT ROOM
level() {
    early=$(ranked "$1" "$2" $((rows / 4)) $((rows / 2)))
    late=$(ranked "$1" "$2" $((rows * 3 / 4)) "$rows")
    echo "  $3: $early in the second quarter, $late in the last"
    at_most "$late" $((early + early / 10 + $4))
}
# A few seconds show nothing of memory, which .NET takes its time to give back.
[ "$rows" -ge 4 ] || fail "only $rows samples"
if [ "$SOAK" -ge 300 ]; then level 0 2 'KiB resident, at least' 8192; fi
level 0 3 'descriptors, at least' 16
level 0.5 4 threads 6
stop_daemon
expect 0 opx audit verify
