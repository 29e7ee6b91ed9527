# Before anything was ever started, and with a daemon that runs.
expect 0 opx doctor
stderr_empty
stdout_has '^ok .* opx-authd'
stdout_has '^everything is in order$'
no_daemon || fail "doctor started a daemon"
missing "$DATA"

start_daemon
prints "$(fake op://v/i/f)" opx read op://v/i/f
calls=$(counter calls)
expect 0 opx doctor
stdout_has 'opx-authd [0-9.]* runs'
stdout_has 'somebody listens'
stdout_has 'is good until 20'
is "$(counter calls)" "$calls"
expect 0 opx doctor --json
stdout_has '^\{"clean":true,"checks":\[\{"check":"opx","result":"ok","reason":'
stdout_lacks "$(cat "$DATA/token")"
awk 'length($0) > 0 { lines++ } END { exit lines != 1 }' "$OUT" || fail "not one line of JSON"
expect 0 opx doctor --quiet
silent
expect 2 opx doctor --yes
stop_daemon
