# needs linux
# A data directory that lets nothing be made or removed: the lock holds, no value is left in a file, and what does not hold is said.
use_op
plant 2
start_daemon --disk-cache
# shellcheck disable=SC2086 # references hold no blanks
expect 0 opx read $REFS
wait_for test -s "$DATA/cache.sealed"
chmod 500 "$DATA"
AT_END='chmod 700 "$DATA"'
expect 0 opx lock
stdout_is locked
stderr_has '^opx: the lock ends with this daemon'
is "$(bytes "$DATA/cache.sealed")" 0
[ ! -e "$DATA/cache.key" ] || is "$(bytes "$DATA/cache.key")" 0
expect 5 opx read op://v/i0/f
chmod 700 "$DATA"
