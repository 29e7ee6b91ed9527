# What verify says of a log goes on being said after a daemon has run on it, and no head is made without the key.
start_daemon --enable-audit-log
for i in 1 2 3 4 5 6; do opx read "op://v/i/$i" >/dev/null; done
stop_daemon
start_daemon --enable-audit-log
for i in 1 2 3 4 5 6; do opx read "op://v/i/$i" >/dev/null; done
stop_daemon
name=$(basename "$DATA"/audit-*.log)
cp -pR "$DATA" "$SCRATCH/good"

# stays WHAT PATTERN: verify finds it, and finds it again after a run, with what the daemon itself found.
stays() {
    echo "-- $1"
    expect 1 opx audit verify
    start_daemon --enable-audit-log
    stop_daemon
    expect 1 opx audit verify
    stdout_has "tells what opx-authd found: .*$2"
    cp -p "$SCRATCH/good"/audit* "$DATA/"
    expect 0 opx audit verify
}
rm "$DATA/$name" "$DATA/audit.head"
stays 'all of it removed' 'the whole audit log was removed'
awk 'seen { print } /CHECKPOINT/ { seen = 1 }' "$SCRATCH/good/$name" >"$DATA/$name"
first=$(sed -n '1s/.*"seq":\([0-9]*\),.*/\1/p' "$DATA/$name")
sed -i.old "s/\"first\":1,/\"first\":$first,/" "$DATA/audit.head"
rm "$DATA/audit.head.old"
stays 'the beginning removed' "began with record $first instead of 1"
awk '{ print } /CHECKPOINT/ { exit }' "$SCRATCH/good/$name" >"$DATA/$name"
rm "$DATA/audit.head"
stays 'cut down to a signature' 'audit.head was missing'
awk 'NR <= 5' "$SCRATCH/good/$name" >"$DATA/$name"
printf '{"seq":5,"hash":"%s","first":1}\n' "$(tail -n 1 "$DATA/$name" | sed 's/.*"hash":"\([0-9a-f]*\)".*/\1/')" >"$DATA/audit.head"
stays 'cut and a head made to fit' 'audit.head was not written by opx-authd'
echo '{"a":1}' >>"$DATA/$name"
stays 'a line at the end' 'lines that are no records'
