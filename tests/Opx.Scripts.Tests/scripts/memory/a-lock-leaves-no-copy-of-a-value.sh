# needs linux
# seconds: 180
# The claim itself: forty values, read in every way there is, are in the daemon's memory until the lock and not after it; with the disk cache
# too. How long each load lasts: OPX_MEMORY_SECONDS, 4 unless set (a minute: OPX_MEMORY_SECONDS=60 OPX_SCRIPT=memory/a-lock make test-scripts).
use_op
plant 40
# shellcheck disable=SC2086 # references hold no blanks
set -- $REFS

for option in --enable-session-lock --disk-cache; do
    watched_daemon "$option"
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
    missing "$DATA/cache.sealed"
    expect 0 opx unlock
    expect 0 opx read "$@"
    if [ "$option" = --disk-cache ]; then wait_for test -s "$DATA/cache.sealed"; fi
    stop_watched
done

# What a daemon took over from the one before is a value like any other.
exists "$DATA/cache.sealed"
watched_daemon --disk-cache
holds 40
is "$(counter misses) misses" "0 misses"
expect 0 opx lock
clean
stop_watched
