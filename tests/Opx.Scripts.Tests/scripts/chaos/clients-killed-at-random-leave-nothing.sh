# needs linux
# seconds: 90
# SIGKILL for opx at random moments: while it starts the daemon, waits, writes its file, becomes its command. The daemon goes on, nobody else is
# disturbed, where it wrote a file there is the old one, the new one or none, and whatever a client had said when it was killed has its record.
settings '{"backend":"fake","enable_audit_log":true}'
usual
callers 2 op://v/i0/f op://v/i1/f
daemon=$(daemon_pid)
kills=0
round=0
for pause in $(chances $((80 * CHAOS)) 30); do
    round=$((round + 1))
    case $((round % 4)) in
    0) opx read "op://v/k/n$round" >"$SCRATCH/killed" 2>&1 & ;;
    1) opx read -o "$PWD/value" "op://v/k/f" >"$SCRATCH/killed" 2>&1 & ;;
    2) opx run --env A="op://v/k/n$round" -- true >"$SCRATCH/killed" 2>&1 & ;;
    3) opx resolve A="op://v/k/n$round" B=op://v/k/f >"$SCRATCH/killed" 2>&1 & ;;
    esac
    client=$!
    sleep "$(printf '0.%03d' "$pause")"
    if kill -KILL "$client" 2>/dev/null; then kills=$((kills + 1)); fi
    wait "$client" 2>/dev/null || true
    case $((round % 4)) in
    0) if grep -qx "$(fake "op://v/k/n$round")" "$SCRATCH/killed"; then echo "op://v/k/n$round" >>told; fi ;;
    3) if grep -q "$(fake "op://v/k/n$round")" "$SCRATCH/killed"; then echo "op://v/k/n$round" >>told; fi ;;
    esac
    if [ -e value ]; then is "$(cat value)" "$(fake op://v/k/f)"; fi
done
echo "  $kills kills"
is "$(daemon_pid)" "$daemon"
back
end_callers
no_errors
recorded() { grep -ho "\"reference\":\"op://v/$1\"" "$DATA"/audit-*.log | cut -d'"' -f4 | sort; }
sort told >told.sorted
recorded 'k/n[0-9]*' | uniq >recorded
echo "  $(wc -l <told) were told a value, $(wc -l <recorded) references recorded, $(recorded 'i[01]/f' | wc -l) records for $(heard values) values of the others"
comm -23 told.sorted recorded >unrecorded
same /dev/null unrecorded
at_most "$(heard values)" "$(recorded 'i[01]/f' | wc -l)"
find . "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" -name '*.tmp' >left
same /dev/null left
is "$(ps -A -o ppid= -o stat= | awk -v daemon="$daemon" '$1 == daemon && $2 ~ /^Z/' | wc -l | tr -d ' ') zombies" "0 zombies"

# The one that starts the daemon is killed: the daemon it started, or the next one, is there all the same.
for pause in $(chances $((6 * CHAOS)) 90); do
    opx daemon stop >/dev/null
    opx read op://v/i0/f >"$SCRATCH/killed" 2>&1 &
    client=$!
    sleep "$(printf '0.%03d' "$pause")"
    kill -KILL "$client" 2>/dev/null || true
    wait "$client" 2>/dev/null || true
    back
    one_daemon
done
expect 0 opx audit verify
