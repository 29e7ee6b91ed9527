start_daemon --enable-audit-log
for i in 1 2 3 4 5 6; do opx read "op://v/i/$i" >/dev/null; done
stop_daemon
name=$(basename "$DATA"/audit-*.log)
cp -pR "$DATA" "$SCRATCH/good"

# changed WHAT PATTERN: verify exits with 1 and its first line matches; then everything is as before again.
changed() {
    echo "-- $1"
    expect 1 opx audit verify
    head -n 1 "$OUT" | grep -qE "$2" || fail "no match for: $2"
    cp -p "$SCRATCH/good"/audit* "$DATA/"
    expect 0 opx audit verify
}
rewrite() { awk "$1" "$SCRATCH/good/$name" >"$DATA/$name"; }

rewrite 'NR == 4 { sub("ALLOW", "DENY ") } { print }'
changed edited "^$name:4: record 4 was edited"
rewrite 'NR != 4'
changed deleted "^$name:4: record 5 stands where record 4 should"
rewrite 'NR == 4 { kept = $0; next } { print } NR == 5 { print kept }'
changed swapped "^$name:4: record 5 stands where record 4 should"
rewrite '{ print } NR == 4'
changed repeated "^$name:5: record 4 stands behind record 4"
rewrite 'NR <= 6'
changed cut "^$name:6: records 7 to 10 were removed from the end"
rm "$DATA/$name"
changed gone 'records 1 to 10 were removed from the end'
rm "$DATA/audit.head"
changed headless '^audit.head: missing'
openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout 2>/dev/null >"$DATA/audit.pub"
changed 'another key' "^$name:10: the signature of record 10 is not by the key"

# Half a line, as a crash leaves it, is called torn and is no fault; the chain goes on behind it.
head -c 100 "$SCRATCH/good/$name" >>"$DATA/$name"
expect 0 opx audit verify
stdout_has "^$name:11: torn"
start_daemon --enable-audit-log
opx read op://v/i/f >/dev/null
stop_daemon
expect 0 opx audit verify
stdout_has "^$name:11: torn: .* nothing is missing"

# A log that was cut is not mended by the daemon that comes next.
cp -p "$SCRATCH/good"/audit* "$DATA/"
rewrite 'NR <= 6'
start_daemon --enable-audit-log
opx read op://v/i/f >/dev/null
stop_daemon
expect 1 opx audit verify
stdout_has 'records 7 to 10 were removed'
expect 0 opx audit tail
stdout_has 'DAEMON .*records 7 to 10 were missing'

# What would do nothing is refused, and so is a number that is none.
for command in tail verify 'export --out x'; do
    # shellcheck disable=SC2086 # words, not one argument
    expect 2 opx audit --since 1h $command
    one_error "'opx audit ${command%% *}' does not take it"
done
for number in x -1 1.5 100001; do
    expect 2 opx audit tail "--lines=$number"
    one_error '^opx: -n wants a number up to 100000'
done
