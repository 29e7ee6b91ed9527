# needs linux
# seconds: 90
# SIGKILL for opx at random moments: while it starts the daemon, waits, writes its file, becomes its command. The daemon goes on, nobody else is
# disturbed, and where it wrote a file there is the old one, the new one or none.
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
    if [ -e value ]; then is "$(cat value)" "$(fake op://v/k/f)"; fi
done
echo "  $kills kills"
is "$(daemon_pid)" "$daemon"
back
end_callers
no_errors
find . "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" -name '*.tmp' >left
same /dev/null left
is "$(ps -A -o ppid= -o stat= | awk -v daemon="$daemon" '$1 == daemon && $2 ~ /^Z/' | wc -l | tr -d ' ') zombies" "0 zombies"

# The one that starts the daemon is killed: the daemon it started, or the next one, is there all the same.
for pause in $(chances $((6 * CHAOS)) 90); do
    # What a start costs is what it costs now: the machine may do more than it did when the script began.
    opx daemon stop >/dev/null
    usual
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
