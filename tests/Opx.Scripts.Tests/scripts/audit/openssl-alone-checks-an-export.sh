# What is exported needs no opx: openssl checks every hash, every link and every signature with audit.pub.
start_daemon --enable-audit-log
opx read op://v/i/one op://v/i/two >/dev/null
stop_daemon
start_daemon --enable-audit-log
opx read op://v/i/three >/dev/null
stop_daemon
expect 0 opx audit export --out "$SCRATCH/export"
cd "$SCRATCH/export" || exit
mode_is . drwx------
missing audit.key
signatures=0
for text in signatures/*.txt; do
    expect 0 openssl dgst -sha256 -verify audit.pub -signature "${text%.txt}.sig" "$text"
    stdout_has 'Verified OK'
    signatures=$((signatures + 1))
done
is "$signatures" 2
expect 0 sh check.sh
stdout_has '^2 signatures, 11 records, 0 of them behind the last signature: all good$'
cd "$SCRATCH" || exit
name=$(basename "$DATA"/audit-*.log)

# found WHAT PATTERN: the check of the changed copy fails, and says what matches.
found() {
    echo "-- $1"
    expect 1 sh edited/check.sh
    stdout_has "$2"
    if grep -q 'all good' "$OUT"; then fail "all good"; fi
    rm -rf edited
    cp -R export edited
}
rewrite() { awk "$1" "export/records/$name" >"edited/records/$name"; }
cp -R export edited
rewrite 'NR == 2 { sub("op://v/i/one", "op://v/i/ONE") } { print }'
found edited "$name:2: the record does not have the hash"
rewrite 'NR != 3'
found deleted "$name:3: record 4 stands behind record 2"
rewrite 'NR > 3'
found 'cut at the beginning' 'begins with record 4 and the last signature says 1'
rewrite 'NR == 3 { kept = $0; next } { print } NR == 4 { print kept }'
found swapped 'record 4 stands behind record 2'
rewrite '!/CHECKPOINT/'
found 'checkpoints deleted' 'no signature at all'
rm edited/signatures/*
found 'signatures deleted' 'missing, or not what this checkpoint signs'
printf garbage >>"edited/records/$name"
found 'something at the end' 'no line stands at its end'
echo '{"a":1}' >>"edited/records/$name"
found 'a line at the end' "$name:12: not a record"
printf '{"timestamp":"2026\n' >>"edited/records/$name"
found 'half a record at the end' "$name:12: not a record"
rm edited/records/*
found 'no records' 'there are none'
first=$(basename "$(find export/signatures -name '*.txt' | sort | head -n 1)")
sed 's/"first":1/"first":2/' "export/signatures/$first" >"edited/signatures/$first"
found 'another text signed' "$first is missing, or not what this checkpoint signs"
openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout 2>/dev/null >edited/audit.pub
found 'another key' 'not by the key in audit.pub'

# A directory that holds something is left alone, and one that cannot be made is named plainly.
expect 1 opx audit export --out export
one_error 'not empty'
expect 1 opx audit export --out /proc/x
one_error '/proc/x'

# What stands behind the last signature is counted, and what a daemon leaves that was killed while it wrote is no fault.
start_daemon --enable-audit-log
opx read op://v/i/four >/dev/null
kill -KILL "$DAEMON"
wait "$DAEMON" 2>/dev/null || true
printf '{"timestamp":"2026-11-22T' >>"$DATA/$name"
expect 0 opx audit export --out torn
expect 0 sh torn/check.sh
stdout_has '13 records, 2 of them behind the last signature: all good'
start_daemon --enable-audit-log
stop_daemon
expect 0 opx audit export --out mended
expect 0 sh mended/check.sh

# A log with a fault is exported, and the fault is told.
sed -i.old 's,op://v/i/two,op://v/i/TWO,' "$DATA/$name"
rm "$DATA/$name.old"
expect 1 opx audit export --out faulty
stderr_has 'the log has 1 fault'
expect 1 sh faulty/check.sh
