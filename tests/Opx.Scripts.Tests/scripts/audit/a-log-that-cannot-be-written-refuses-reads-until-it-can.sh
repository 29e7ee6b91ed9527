# needs linux
# A full disk, played by a limit on the size of files: reads are refused with the reason, and none is answered unrecorded.
# The signal that comes with it must not end the daemon.
prlimit --fsize=4096:unlimited "$SCRATCH/bin/opx-authd" --enable-audit-log 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for listening
answered=0
while opx read "op://v/i/$answered" >"$OUT" 2>"$ERR"; do
    answered=$((answered + 1))
    [ "$answered" -lt 100 ] || fail "the limit does not hold"
done
one_error 'reads are refused, because the audit log in .* cannot be written'
expect 1 opx read op://v/i/0
one_error 'audit log'
stdout_empty
is "$(grep -c '"event":"ACCESS_DECISION"' "$DATA"/audit-*.log)" "$answered"
grep -q 'the audit log cannot be written, so reads are refused' "$SCRATCH/daemon.log" || fail "the daemon does not say it"
api POST /v1/read -d '{"ref":"op://v/i/0"}'
problem 500 internal
body_has 'audit log'
# What needs no record goes on.
expect 0 opx status

# Each refused read has tried to write: none of them leaves a file open. Since Linux 6.2 the size of the directory is the number of descriptors.
descriptors() { stat -c %s "/proc/$DAEMON/fd"; }
[ "$(descriptors)" -gt 0 ] || not_run 'this kernel does not tell the number of descriptors'
before=$(descriptors)
for again in $(seq 50); do ! opx read op://v/i/0 2>/dev/null || fail "read $again was answered"; done
at_most "$(descriptors)" $((before + 5))

prlimit --pid "$DAEMON" --fsize=unlimited
prints "$(fake op://v/i/late)" opx read op://v/i/late
grep -q 'could not be written since' "$DATA"/audit-*.log || fail "the log does not tell of its gap"
stop_daemon
expect 0 opx audit verify
stdout_has 'the audit log is intact'
