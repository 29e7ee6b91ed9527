# What is exported needs no opx: openssl checks each signature with audit.pub, and the hashes of the records.
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
expect 0 sh check.sh --records
stdout_has '^2 signatures, 9 records: all good$'

# And says so where something was changed afterwards.
cp -R . ../edited
sed -i.old 's,op://v/i/two,op://v/i/TWO,' ../edited/records/*.log
rm ../edited/records/*.old
expect 1 sh ../edited/check.sh --records
stdout_has 'does not have the hash'
first=$(echo signatures/*.txt | cut -d' ' -f1)
sed 's/"first":1/"first":2/' "$first" >"../edited/$first"
expect 1 sh ../edited/check.sh
stdout_has 'not by the key'

# A directory that holds something is left alone.
cd "$SCRATCH" || exit
expect 1 opx audit export --out export
one_error 'not empty'
