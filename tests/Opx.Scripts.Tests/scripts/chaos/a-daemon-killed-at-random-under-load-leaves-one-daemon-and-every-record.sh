# needs linux
# seconds: 90
# SIGKILL at random moments, while it starts, reads, records, writes its files and stops. Each client that was told a value has its record in the log;
# afterwards there is one daemon, nothing to clean up, and no file is torn but the last line of the log.
settings '{"backend":"fake","enable_audit_log":true,"disk_cache":true}'
usual
# Clients by the dozen, each with references of its own; what they were told is in seen.N.
client() {
    count=0
    while [ ! -e "$SCRATCH/over" ]; do
        count=$((count + 1))
        reference="op://v/c$1/n$count"
        if value=$(opx read "$reference" 2>>"$SCRATCH/client.$1"); then
            [ "$value" = "$(fake "$reference")" ] || echo "$reference is '$value'" >>"$SCRATCH/wrong"
            echo "$reference" >>"$SCRATCH/seen.$1"
        fi
    done
}
clients=
for number in 1 2 3 4; do
    client "$number" &
    clients="$clients $!"
done
kills=0
for pause in $(chances $((25 * CHAOS)) 250); do
    sleep "$(printf '0.%03d' "$pause")"
    for pid in $(processes opx-authd); do
        if kill -KILL "$pid" 2>/dev/null; then kills=$((kills + 1)); fi
    done
done
: >"$SCRATCH/over"
for pid in $clients; do wait "$pid"; done
back
missing "$SCRATCH/wrong"
one_daemon
daemon=$(daemon_pid)
sort "$SCRATCH"/seen.* >seen
grep -ho '"reference":"op://v/c[^"]*"' "$DATA"/audit-*.log | cut -d'"' -f4 | sort -u >recorded
echo "  $kills kills, $(wc -l <seen) answers, $(wc -l <recorded) references recorded"
[ "$(wc -l <seen)" -gt "$CHAOS" ] || fail "hardly anybody was answered"
comm -23 seen recorded >unrecorded
same /dev/null unrecorded
expect 0 opx audit verify
# Nothing to clean up: no file of anybody who was killed while he wrote it, no child that nobody waits for.
find "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" -name '*.tmp' >left
same /dev/null left
is "$(ps -A -o ppid= -o stat= | awk -v daemon="$daemon" '$1 == daemon && $2 ~ /^Z/' | wc -l | tr -d ' ') zombies" "0 zombies"
for file in token tls.crt tls.key audit.key audit.pub audit.head; do [ -s "$DATA/$file" ] || fail "$file is empty"; done
expect 0 opx daemon stop
wait_for no_daemon
# And the next one starts from what is left.
back
