# Pitfall 40: no lock file, no temporary file, no zombie.
start_daemon
expect 0 opx read op://v/i/f
find "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" | sort >before
i=0
while [ "$i" -lt 300 ]; do
    i=$((i + 1))
    opx read op://v/i/f >/dev/null
done
find "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" | sort >after
same before after
is "$(ps -A -o ppid= -o stat= | awk -v daemon="$DAEMON" '$1 == daemon && $2 ~ /^Z/' | wc -l | tr -d ' ')" 0
one_daemon
