# needs linux
# seconds: 120
# The claim itself: forty values, read in every way there is, are in the daemon's memory until the lock and not after it. How long the load
# lasts: OPX_MEMORY_SECONDS, 4 unless set (a minute: OPX_MEMORY_SECONDS=60 OPX_SCRIPT=memory/ make test-scripts).
use_op
plant 40
watched_daemon
# shellcheck disable=SC2086 # references hold no blanks
set -- $REFS

# Before a read nothing is there: the search looks for what reads bring.
clean

# One by one over new connections, and all at once.
for ref; do expect 0 opx read "$ref" >/dev/null; done
expect 0 opx read "$@"
stdout_has "^$(canary 39)\$"
expect 0 opx resolve "A=$1" "B=$2"
holds 40
expect 0 opx lock
clean
expect 5 opx read "$1"
expect 0 opx unlock

# Eight readers at a time, over kept and new connections, some of which go away.
tool readers "$SOCKET" "$DATA" "$OPX_MEMORY_SECONDS" "$@"
wait "$TOOL" || fail "the readers were not answered"
holds 40
expect 0 opx lock
clean
stop_watched
