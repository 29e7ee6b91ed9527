# References may hold what turns text around; lines may hold anything at all.
start_daemon --enable-audit-log
turned=$(printf 'op://v/i/\342\200\256txt.exe')
opx read "$turned" >/dev/null
stop_daemon
log=$(echo "$DATA"/audit-*.log)
is "$(LC_ALL=C tr -d '\n -~' <"$log" | wc -c | tr -d ' ')" 0
printf '{"timestamp":"%s","event":"ACCESS_DECISION","peer_info":{"PID":1,"Path":"/tmp/\\u001b[2J\\u202e\\nx","UID":1,"GID":1},"reference":"op://v/i/f\\u0007","decision":"DENY","seq":7}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" >>"$log"
printf '\033[2J not a record\n{"timestamp":1}\n' >>"$log"
head -c 400000 /dev/zero >>"$log"
printf '\n' >>"$log"
for command in 'audit' 'audit tail' 'audit tail --json' 'audit verify' 'audit --json'; do
    # shellcheck disable=SC2086 # words
    opx $command >"$OUT" 2>"$ERR" || true
    is "$(LC_ALL=C tr -d '\n -~' <"$OUT" | wc -c | tr -d ' ') $command" "0 $command"
done
expect 0 opx audit
stdout_has '^\[1\] Process: /tmp/\\u\{1b\}\[2J\\u\{202e\}\\u\{a\}x$'
stdout_has 'Reference: op://v/i/f\\u\{7\}$'
stderr_has '3 lines of the audit log cannot be understood'
expect 0 opx audit tail
stdout_has 'op://v/i/\\u\{202e\}txt.exe'
expect 0 opx audit tail -n 1 --json
stdout_has '^\{"timestamp":"[^"]*","event":"ACCESS_DECISION","peer_info":\{"PID":1,"Path":"/tmp/\\u001B\[2J\\u202E\\nx","UID":1,"GID":1\},"reference":"op://v/i/f\\u0007","decision":"DENY","seq":7\}$'
