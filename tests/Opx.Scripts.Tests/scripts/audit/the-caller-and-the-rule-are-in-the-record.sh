# needs linux
# The record names the program on whose behalf opx asks, and the rule that decided; the editor makes a rule of a denial that then holds.
mkdir -p "$CONFIG" tools
chmod 700 "$CONFIG"
cp /bin/sh tools/allowed
cp /bin/sh tools/refused
allowed=$(realpath tools/allowed) refused=$(realpath tools/refused)
printf '{ "allow": [ { "path": "%s", "refs": ["op://Work/*"] } ] }\n' "$allowed" >"$CONFIG/policy.json"
chmod 600 "$CONFIG/policy.json"
start_daemon --enable-audit-log
log=$(echo "$DATA"/audit-*.log)

prints "$(fake op://Work/api/token)" "$allowed" -c 'opx read op://Work/api/token; exit $?'
grep -qE "\"event\":\"ACCESS_DECISION\".*\"Path\":\"$allowed\",\"UID\":$(id -u),\"GID\":$(id -g),\"Via\":\"[^\"]*/opx\"\},\"reference\":\"op://Work/api/token\",\"decision\":\"ALLOW\",\"reason\":\"rule 1\",\"policy_path\":\"$CONFIG/policy.json\",\"outcome\":\"backend\"" "$log" ||
    fail "no such record: $(tail -n 1 "$log")"
expect 3 "$refused" -c 'opx read op://Work/api/token; exit $?'
expect 3 "$refused" -c 'opx read op://Work/api/token; exit $?'
is "$(grep -cE "\"Path\":\"$refused\".*\"decision\":\"DENY\",\"reason\":\"named for others\".*\"outcome\":\"access_denied\"" "$log")" 2
grep -qE '"event":"POLICY","reason":"1 rule","policy_path":"[^"]*","outcome":"loaded"' "$log" || fail "no POLICY record"

expect 0 opx audit
stdout_has "^\[1\] Process: $refused$"
stdout_has 'Denied: 2 times'
printf '1\n1\ny\n' | script -qec 'opx audit --interactive' /dev/null >"$OUT"
stdout_has 'would have allowed 2, still denies 0'
prints "$(fake op://Work/api/token)" "$refused" -c 'opx read op://Work/api/token; exit $?'
expect 3 "$refused" -c 'opx read op://Work/api/other; exit $?'
grep -qE '"event":"POLICY","reason":"2 rules".*"outcome":"changed"' "$log" || fail "no record of the change"

echo '{' >"$CONFIG/policy.json"
expect 3 "$allowed" -c 'opx read op://Work/api/token; exit $?'
grep -qE '"event":"POLICY".*"outcome":"invalid"' "$log" || fail "no record of the invalid policy"
is "$(tail -n 1 "$log" | grep -cE '"decision":"DENY","reason":"policy_invalid".*"outcome":"policy_invalid"')" 1
stop_daemon
expect 0 opx audit verify
