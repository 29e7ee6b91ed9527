# needs linux
# seconds: 120
# The end of the TTL with nobody touching the entry, an invalidation, want of space, and a TTL of 0: each leaves nothing of what was read.
use_op
plant 40
# shellcheck disable=SC2086 # references hold no blanks
set -- $REFS
cache_is_empty() { [ "$(counter cache_size)" = 0 ]; }

watched_daemon --ttl 2
expect 0 opx read "$@"
holds 40
wait_for cache_is_empty
clean
stop_watched

watched_daemon
expect 0 opx read "$@"
expect 0 opx invalidate "$@"
stdout_has 40
clean
expect 0 opx read "$@"
expect 0 opx invalidate "$1"
look
case $SEEN in *distinct=39*) ;; *) fail "one of forty was invalidated" ;; esac
expect 0 opx invalidate --all
clean
stop_watched

# Room for some ten of forty.
mkdir -p "$CONFIG"
printf '{"limits":{"cache_bytes":6000}}' >"$CONFIG/config.json"
watched_daemon
for ref; do expect 0 opx read "$ref" >/dev/null; done
few() { look; distinct=${SEEN#*distinct=}; [ "${distinct%% *}" -le 10 ] && [ "${distinct%% *}" -ge 1 ]; }
wait_for few
expect 0 opx lock
clean
expect 0 opx unlock
stop_watched
rm "$CONFIG/config.json"

# Nothing is kept, so nothing is there between two requests.
watched_daemon --ttl 0
for ref; do expect 0 opx read "$ref" >/dev/null; done
expect 0 opx read "$@"
stdout_has "^$(canary 39)\$"
wait_for idle
clean

# Failures that come when other values have been read already: a batch with a bad reference, all or nothing.
fails opx read "$@" op://v/missing/f
stdout_lacks "$NEEDLE"
api POST /v1/resolve -d "{\"env\":{\"A\":\"$1\",\"B\":\"op://v/missing/f\",\"C\":\"$2\"}}"
problem 404 not_found
wait_for idle
clean

# A caller that goes away while op is printing.
printf 1 >"$OP/delay"
timeout 0.5 opx read "$@" >"$OUT" 2>&1 || true
rm "$OP/delay"
wait_for idle
clean
stop_watched
