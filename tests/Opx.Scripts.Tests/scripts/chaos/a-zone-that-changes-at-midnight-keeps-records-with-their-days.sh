# needs linux
# needs program zic
# seconds: 120
# Midnight where the daemon is, which a zone of our own brings about now: the clock put forward over it, the machine moved over it and back, and a true
# one, at the next whole minute of UTC because .NET knows no seconds of an offset. All with reads under way: each answer has its record, in the file of
# the day that it was at that place, and the chain goes on over the files.
place=$SCRATCH/localtime
export TZ=":$place"

# zone LINE [LINE]: the machine's zone from here on, another file in the place of the one before. east SECONDS: an offset as zic wants it.
zone() {
    printf 'Zone here %s\n%s\n' "$1" "${2-}" >"$SCRATCH/zone.txt"
    zic -d "$SCRATCH/zones" "$SCRATCH/zone.txt"
    mv "$SCRATCH/zones/here" "$place"
}
east() { awk -v s="$1" 'BEGIN { m = s < 0 ? -s : s; printf "%s%d:%02d", s < 0 ? "-" : "", m / 3600, m % 3600 / 60 }'; }

# showing EPOCH SECONDS: the offset at which clocks show so many seconds of the day at that moment, but for its own seconds.
showing() { echo $(((($2 - $1 / 60 * 60) % 86400 + 86400 + 43200) % 86400 - 43200)); }
day() { date -u -d "@$(($1 + $2))" +%Y-%m-%d; }
come() { while [ "$(date +%s)" -lt "$1" ]; do sleep 0.05; done; }

client() {
    count=0
    while [ ! -e over ]; do
        count=$((count + 1))
        reference="op://v/c$1/n$count"
        if value=$(opx read "$reference" 2>>"$SCRATCH/client.$1"); then
            [ "$value" = "$(fake "$reference")" ] || echo "$reference is '$value'" >>wrong
            echo "$reference" >>"seen.$1"
        fi
    done
}
begin() {
    rm -rf "$DATA" seen.* over
    start_daemon --enable-audit-log
    usual
    PAUSE=10
    callers 2 op://v/i0/f op://v/i1/f
    client 1 &
    clients=$!
    client 2 &
    clients="$clients $!"
    wait_for test -s seen.1 -a -s seen.2
}
# over DAY…: these are the log's files, it is intact, and each answer is recorded, once.
over() {
    back
    : >over
    for pid in $clients; do wait "$pid"; done
    end_callers
    no_errors
    missing wrong
    is "$(cd "$DATA" && echo audit-*.log)" "$(printf ' audit-%s.log' "$@" | cut -c2-)"
    sort seen.1 seen.2 >seen
    grep -ho '"reference":"op://v/c[^"]*"' "$DATA"/audit-*.log | cut -d'"' -f4 | sort >recorded
    echo "  $(wc -l <seen) answers, $(wc -l <recorded) records of theirs"
    same seen recorded
    expect 0 opx audit verify
    stdout_has 'the audit log is intact'
    stop_daemon
    expect 0 opx audit verify
    stdout_has 'the audit log is intact'
}
# apart DAY DAY FROM TO: what was recorded before the one moment is not in the second file, and what came after the other not in the first, but for the
# signature that closes it. Moments in milliseconds.
apart() {
    iso() { date -u -d "@$(($1 / 1000)).$(printf %03d $(($1 % 1000)))" +%Y-%m-%dT%H:%M:%S.%3NZ; }
    stamps() { grep -v '"event":"CHECKPOINT"' "$1" | cut -d'"' -f4 | sort; }
    stamps "$DATA/audit-$1.log" >first
    stamps "$DATA/audit-$2.log" >second
    awk -v to="$(iso "$4")" '$0 > to' first >late
    awk -v from="$(iso "$3")" '$0 < from' second >early
    echo "  $1: $(wc -l <first) records to $(tail -n 1 first), $2: $(wc -l <second) from $(head -n 1 second)"
    same /dev/null late
    same /dev/null early
}

round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 10))

    # The clock is put forward from half past eleven to half past twelve, as it is at midnight in some places.
    now=$(date +%s)
    before=$(showing "$now" 84600)
    zone "$(east "$before") - XXX"
    begin
    at=$(($(date +%s) + 3))
    zone "$(east "$before") - XXX $(date -u -d "@$at" '+%Y %b %d %H:%M:%Su')" "$(east $((before + 3600))) - YYY"
    one=$(day "$at" "$before") two=$(day "$at" $((before + 3600)))
    come "$at"
    wait_for test -e "$DATA/audit-$two.log"
    back
    over "$one" "$two"
    apart "$one" "$two" "${at}000" "${at}000"

    # The machine is moved an hour to the east, where it is tomorrow by then; and two hours to the west, where that is yesterday: the files stay in order.
    now=$(date +%s)
    here=$(showing "$now" 84600)
    one=$(day "$now" "$here") two=$(day "$now" $((here + 3600)))
    zone "$(east "$here") - XXX"
    begin
    from=$(now_ms)
    zone "$(east $((here + 3600))) - XXX"
    to=$(($(now_ms) + 1000 + 3 * USUAL))
    wait_for test -e "$DATA/audit-$two.log"
    back
    zone "$(east $((here - 3600))) - XXX"
    back
    # While there is no file at all, the zone is the one it was.
    rm "$place"
    back
    zone "$(east $((here + 3600))) - XXX"
    over "$one" "$two"
    apart "$one" "$two" "$from" "$to"
done

# A true midnight, once: for a daemon that everybody asks, and for one that nobody does.
at=$((($(date +%s) + 10) / 60 * 60 + 60))
here=$(showing "$at" 0)
one=$(day $((at - 1)) "$here") two=$(day "$at" "$here")
zone "$(east "$here") - XXX"
idle() { env HOME="$SCRATCH/idle" XDG_RUNTIME_DIR="$SCRATCH/idle/run" "$@"; }
mkdir -p "$SCRATCH/idle/run" "$SCRATCH/idle/.config/op-authd"
echo '{"enable_audit_log":true}' >"$SCRATCH/idle/.config/op-authd/config.json"
idle opx read op://v/i0/f >/dev/null
begin
come "$at"
wait_for test -e "$SCRATCH/idle/.local/share/op-authd/audit-$two.log"
wait_for test -e "$DATA/audit-$two.log"
back
over "$one" "$two"
apart "$one" "$two" "${at}000" "${at}000"
expect 0 idle opx audit verify
stdout_has 'the audit log is intact'
is "$(cd "$SCRATCH/idle/.local/share/op-authd" && echo audit-*.log)" "audit-$one.log audit-$two.log"
expect 0 idle opx daemon stop
