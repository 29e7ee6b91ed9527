# needs linux
# Answers that nobody fetches would keep their values for as long as the client likes: a lock ends those connections.
use_op
number=10
while [ "$number" -lt 30 ]; do canary "$number" ' '; number=$((number + 1)); done >"$SCRATCH/unit"
while :; do cat "$SCRATCH/unit"; done 2>/dev/null | head -c 1048576 >"$SCRATCH/large"
put_file op://v/large/f "$SCRATCH/large"
watched_daemon
expect 0 opx read op://v/large/f
tool deaf "$SOCKET" "$DATA" 16 op://v/large/f >"$SCRATCH/deaf"
asked() { grep -q '16 asked' "$SCRATCH/deaf"; }
wait_for asked
many() { look; copies=${SEEN#total=}; [ "${copies%% *}" -gt 40000 ]; }
wait_for many
expect 0 opx lock
clean
# Who only keeps a connection, or is being told something else, is not cut off.
expect 0 opx unlock
prints "$(canary 10 ' ' | cut -c1-10)" sh -c 'opx read op://v/large/f | cut -c1-10'
stop_watched
