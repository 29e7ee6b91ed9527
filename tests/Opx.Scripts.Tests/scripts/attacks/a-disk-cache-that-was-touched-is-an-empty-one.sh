# needs linux
# seconds: 120
# Changed anywhere, cut off anywhere, or put back from before: no value of it is used, no read fails for it, and the log says so.
use_op
plant 2
# shellcheck disable=SC2086 # references hold no blanks
set -- $REFS
SEALED=$DATA/cache.sealed

fill() {
    rm -f "$SEALED"
    start_daemon --disk-cache
    expect 0 opx read "$1"
    stop_daemon
    cp "$SEALED" "$SCRATCH/good"
}
# is_empty WHAT: with the file as it is now, a daemon starts with nothing and reads all the same.
is_empty() {
    echo "  $1"
    start_daemon --disk-cache
    is "$1: $(counter cache_size) values" "$1: 0 values"
    prints "$(canary 0)" opx read "$REF"
    stop_daemon
    case $1 in "0 bytes"*) return ;; esac
    grep -q 'the disk cache cannot be read: it ' "$SCRATCH/daemon.log" || fail "$1: nothing is said of it: $(cat "$SCRATCH/daemon.log")"
}
REF=$1

fill "$1"
start_daemon --disk-cache
is "untouched: $(counter cache_size)" "untouched: 1"
stop_daemon
size=$(bytes "$SEALED")
for at in 0 8 15 16 27 28 43 44 $((size - 1)); do
    fill "$1"
    { head -c "$at" "$SCRATCH/good"; printf '\252'; tail -c +$((at + 2)) "$SCRATCH/good"; } >"$SEALED"
    if cmp -s "$SEALED" "$SCRATCH/good"; then continue; fi
    is_empty "byte $at changed"
done
for length in 0 1 43 44 $((size - 1)); do
    fill "$1"
    head -c "$length" "$SCRATCH/good" >"$SEALED"
    is_empty "$length bytes left"
done
fill "$1"
cat "$SCRATCH/good" "$SCRATCH/good" >"$SEALED"
is_empty "twice as long"

# Rolled back to before an invalidation.
fill "$1"
start_daemon --disk-cache
expect 0 opx invalidate "$1"
expect 0 opx read "$2"
stop_daemon
cp "$SCRATCH/good" "$SEALED"
is_empty "an older file"

# Open to others: refused, said in the log, and no read fails.
fill "$1"
chmod 644 "$SEALED"
start_daemon --disk-cache
is "$(counter cache_size)" 0
prints "$(canary 0)" opx read "$1"
grep -q 'disk cache cannot be read' "$SCRATCH/daemon.log" || fail "nothing is said of it"
stop_daemon
