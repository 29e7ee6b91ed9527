# needs linux
# Values survive the daemon in a sealed file, until their time is over or the session locks; without the option nothing of it is left.
use_op
plant 3
# shellcheck disable=SC2086 # references hold no blanks
set -- $REFS
SEALED=$DATA/cache.sealed
asked() { wc -l <"$OP/asked" | tr -d ' '; }
reads_all() { expect 0 opx read "$@"; stdout_has "^$(canary 2)\$"; }
holds_values() { [ "$(counter cache_size)" = "$1" ]; }

start_daemon --disk-cache
reads_all "$@"
wait_for test -s "$SEALED"
mode_is "$SEALED" -rw-------
if grep -qa "$NEEDLE" "$SEALED" || grep -qa 'op://' "$SEALED"; then fail "it is not sealed"; fi
opx status --json | grep -q '"disk_cache_key":"ke' || fail "status does not say who keeps the key"
stop_daemon
start_daemon --disk-cache
holds_values 3 || fail "a stop lost them"
reads_all "$@"
is "$(asked) asked" "3 asked"
kill -KILL "$DAEMON"
wait "$DAEMON" 2>/dev/null || true
start_daemon --disk-cache
reads_all "$@"
is "$(asked) asked" "3 asked"

# One that was invalidated is not in the file either.
expect 0 opx invalidate "$1"
stop_daemon
start_daemon --disk-cache
holds_values 2 || fail "what was invalidated came back"
reads_all "$@"
is "$(asked) asked" "4 asked"

# A lock removes it, and a copy of it is worth nothing.
wait_for test -s "$SEALED"
cp "$SEALED" "$SCRATCH/copy"
expect 0 opx lock
missing "$SEALED"
stop_daemon
cp "$SCRATCH/copy" "$SEALED"
start_daemon --disk-cache
holds_values 0 || fail "what was locked came back"
expect 0 opx unlock
reads_all "$@"
is "$(asked) asked" "7 asked"
stop_daemon
exists "$SEALED"

# Off again: gone.
start_daemon
missing "$SEALED"
holds_values 0 || fail "without the option it was read"
stop_daemon
