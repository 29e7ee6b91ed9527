# seconds: 180
# 100,000 records: listed in a second, verified in two, in the memory of a small program.
start_daemon --enable-audit-log --ttl 3600
refs=$(awk 'BEGIN { for (i = 0; i < 1000; i++) printf "%s\"op://Production/item-%d/password\"", i ? "," : "", i }')
printf '{"refs":[%s]}' "$refs" >"$SCRATCH/body.json"
i=0
while [ "$i" -lt 100 ]; do
    api POST /v1/reads -d "@$SCRATCH/body.json"
    answers 200
    i=$((i + 1))
done
stop_daemon
at_least=$(cat "$DATA"/audit-*.log | wc -l | tr -d ' ')
[ "$at_least" -ge 100000 ] || fail "$at_least records"
# took COMMAND…: milliseconds, in $MS.
took() { start=$(now_ms); expect 0 "$@"; MS=$(($(now_ms) - start)); echo "$*: $MS ms"; }
took opx audit
at_most "$MS" 1000
took opx audit verify
at_most "$MS" 2000
took opx audit tail
at_most "$MS" 1000
if command -v /usr/bin/time >/dev/null; then
    for command in audit 'audit verify'; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o "$SCRATCH/kilobytes" opx $command >/dev/null
        at_most "$(cat "$SCRATCH/kilobytes")" 120000
    done
fi
