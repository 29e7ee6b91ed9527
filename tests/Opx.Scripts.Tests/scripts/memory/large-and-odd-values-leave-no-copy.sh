# needs linux
# seconds: 120
# 64 KiB and 1 MiB, full of what JSON escapes, and bytes that are no text: they take other ways through the daemon than short ones.
use_op
fill() { # BYTES SEPARATOR
    number=10
    while [ "$number" -lt 42 ]; do
        canary "$number"
        printf "$2"
        number=$((number + 1))
    done >"$SCRATCH/unit"
    while :; do cat "$SCRATCH/unit"; done 2>/dev/null | head -c "$1"
}
fill 65536 ' ' >plain64
fill 65536 '"\\\\\n\t\001' >escapes64
fill 65536 '\377\376' >bytes64
fill 1048576 ' ' >plain1024
fill 1048576 '"\\\\\n\t\001\303\244\360\237\230\200\356\200\200' >escapes1024
fill 1048576 '\377\376' >bytes1024
printf '%s"\\\n\001\360\237\230\200' "$(canary 50)" >escapes
printf '%s\377' "$(canary 51)" >bytes
for name in *; do put_file "op://v/$name/f" "$name"; done
set -- *

watched_daemon
idle_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$DAEMON/status"; }
before=$(idle_kib)
for name; do
    expect 0 opx read -n "op://v/$name/f"
    same "$name" "$OUT"
    expect 0 opx read -n --fresh "op://v/$name/f"
    same "$name" "$OUT"
done
opx read --json "op://v/plain64/f" "op://v/escapes64/f" "op://v/bytes64/f" "op://v/escapes/f" "op://v/bytes/f" >"$SCRATCH/json"
bytes_of() { wc -c <"$1" | tr -d ' '; }
[ "$(bytes_of "$SCRATCH/json")" -gt 196608 ] || fail "a batch of odd values"
refs=$(for name; do printf ' op://v/%s/f' "$name"; done)
# shellcheck disable=SC2086 # references hold no blanks
tool readers "$SOCKET" "$DATA" "$OPX_MEMORY_SECONDS" $refs
wait "$TOOL" || fail "the readers were not answered"
holds 34
expect 0 opx lock
clean
after=$(idle_kib)
echo "resident: $before KiB before, $after KiB after"
at_most "$after" $((before + 40960))
stop_watched
