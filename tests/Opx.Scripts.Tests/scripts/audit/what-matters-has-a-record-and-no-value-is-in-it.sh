start_daemon --enable-audit-log
opx read op://v/i/one >/dev/null
opx read op://v/i/one >/dev/null
opx read op://v/i/one op://v/i/two >/dev/null
anonymous POST /v1/read -d '{"ref":"op://v/i/f"}' -H 'X-OpAuthd-Token: wrong-token-of-somebody'
problem 401 unauthorized
anonymous GET /v1/status
problem 401 unauthorized
opx --account work read op://v/i/one >/dev/null
opx lock >/dev/null
expect 5 opx read op://v/i/three
opx unlock >/dev/null
opx invalidate op://v/i/one >/dev/null
opx invalidate --all >/dev/null
stop_daemon
log=$(echo "$DATA"/audit-*.log)
mode_is "$log" -rw-------
mode_is "$DATA/audit.key" -rw-------
mode_is "$DATA/audit.head" -rw-------

count() { grep -cE "$1" "$log" || true; }
is "$(count '"event":"ACCESS_DECISION".*"reference":"op://v/i/one","decision":"ALLOW".*"outcome":"backend"')" 1
is "$(count '"event":"ACCESS_DECISION".*"reference":"op://v/i/one","decision":"ALLOW".*"outcome":"cache"')" 2
is "$(count '"reference":"op://v/i/one","account":"work","decision":"ALLOW"')" 1
is "$(count '"reference":"op://v/i/two".*"outcome":"backend"')" 1
is "$(count '"reference":"op://v/i/three".*"outcome":"session_locked"')" 1
is "$(count '"event":"AUTHENTICATION".*"reason":"wrong token","outcome":"unauthorized"')" 1
is "$(count '"event":"AUTHENTICATION".*"reason":"no token"')" 1
# Who asked for a lock, and for its end: the program that called opx.
who='"event":"SESSION","request_id":"[^"]+","peer_info":\{"PID":[0-9]+,"Path":"/[^"]*sh","UID":[0-9]+,"GID":[0-9]+,"Via":"/[^"]*/opx"'
is "$(count "$who.*\"reason\":\"somebody asked for it\",\"outcome\":\"locked\"")" 1
is "$(count "$who.*\"reason\":\"somebody asked for it and the backend is signed in\",\"outcome\":\"unlocked\"")" 1
is "$(count '"event":"CACHE".*"reference":"op://v/i/one","reason":"invalidate')" 1
is "$(count '"event":"CACHE".*"reason":"invalidate everything"')" 1
is "$(count '"event":"DAEMON","reason":"start"')" 1
is "$(count '"event":"DAEMON","reason":"stop"')" 1
is "$(tail -n 1 "$log" | cut -c41-61)" '"event":"CHECKPOINT",'
is "$(count "\"PID\":[0-9]+.*\"UID\":$(id -u),\"GID\":$(id -g)")" 12

for secret in "$(fake op://v/i/one)" "$(fake op://v/i/two)" "$(cat "$DATA/token")" wrong-token-of-somebody; do
    if grep -qF "$secret" "$DATA"/audit*; then fail "a secret is in the log"; fi
done
expect 0 opx audit verify
stdout_has '^the audit log is intact: [0-9]+ records in 1 file, 1 signature$'
