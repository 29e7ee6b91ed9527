# needs linux
# needs program faketime
# The wall clock a day on, a day back, and another zone in the last second of a day, under a running daemon: values live by a clock that does not
# jump, and the chain of the audit log goes on over files that stay in order.
library=$(find /usr/lib /usr/local/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || not_run "libfaketime lies nowhere"
clock() { printf '%s\n' "$1" >"$SCRATCH/clock.new"; mv "$SCRATCH/clock.new" "$SCRATCH/clock"; }
clock '+0'
zone=$(readlink -f /usr/share/zoneinfo/Etc/UTC || true)
export TZ="${zone:+Etc/UTC}"
LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$SCRATCH/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 \
    "$SCRATCH/bin/opx-authd" --ttl 60 --enable-audit-log 2>"$SCRATCH/daemon.log" &
DAEMON=$!
wait_for listening
usual
callers 4 op://v/i0/f op://v/i1/f
hits() { api POST /v1/read -d '{"ref":"op://v/i0/f"}'; answers 200; body_has '"from_cache":true'; }
hits
for jump in +1d +0 -1d +0 +30d +0; do
    clock "$jump"
    back
    # A day in one moment is no minute of a value's life, and gives none back either.
    hits
    sleep 0.3
done
# The last second before midnight, and the first of the day after.
clock "@$(date -u +%Y-%m-%d) 23:59:59"
sleep 1.2
back
clock '+0'
back
no_dead_letter() { expect 0 opx audit verify; stdout_has 'the audit log is intact'; }
no_dead_letter
end_callers
no_errors
stop_daemon
no_dead_letter
