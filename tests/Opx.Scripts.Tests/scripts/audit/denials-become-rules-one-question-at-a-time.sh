# needs linux
mkdir -p "$DATA" "$CONFIG"
chmod 700 "$DATA" "$CONFIG"
# denied TIMES PATH REF AGO
denied() {
    n=0
    while [ "$n" -lt "$1" ]; do
        n=$((n + 1))
        printf '{"timestamp":"%s","event":"ACCESS_DECISION","peer_info":{"PID":5,"Path":"%s","UID":%s,"GID":%s},"reference":"%s","decision":"DENY","reason":"default_deny","outcome":"access_denied","seq":%s}\n' \
            "$(date -u -d "$4" +%Y-%m-%dT%H:%M:%S.000Z)" "$2" "$(id -u)" "$(id -g)" "$3" "$n"
    done >>"$DATA/audit-$(date +%Y-%m-%d).log"
}
denied 5 /opt/acme/kubectl op://Production/k8s/token '-1 minute'
denied 2 /opt/acme/curl vault://kv/app/db#password '-5 minutes'
denied 9 /usr/bin/old op://Old/i/f '-3 days'
: >"$DATA/audit.head"
echo '{ "default_deny": true }' >"$CONFIG/policy.json"
chmod 600 "$CONFIG/policy.json"
cp "$CONFIG/policy.json" before

expect 0 opx audit
cat >"$SCRATCH/wanted" <<END
Scanning audit log for denials in the last 24h...
Found 2 unique access denials:

[1] Process: /opt/acme/kubectl
    Reference: op://Production/k8s/token
    Denied: 5 times, Last: $(grep -o '"timestamp":"[^"]*"' "$DATA"/audit-*.log | head -n 1 | cut -d'"' -f4 | sed 's/\.000//' | xargs -I{} date -d {} '+%Y-%m-%d %H:%M:%S')

[2] Process: /opt/acme/curl
    Reference: vault://kv/app/db#password
    Denied: 2 times, Last: $(grep -o '"timestamp":"[^"]*"' "$DATA"/audit-*.log | sed -n 6p | cut -d'"' -f4 | sed 's/\.000//' | xargs -I{} date -d {} '+%Y-%m-%d %H:%M:%S')
END
same "$SCRATCH/wanted" "$OUT"
expect 0 opx audit --since 7d
stdout_has 'Found 3 unique access denials'
expect 0 opx audit --json
stdout_has '"process":"/opt/acme/kubectl","reference":"op://Production/k8s/token","count":5'

# Without a terminal it prints and changes nothing.
expect 0 opx audit --interactive
stdout_has 'Found 2 unique'
same before "$CONFIG/policy.json"

# edit ANSWERS: on a terminal, with these lines typed.
edit() { printf %b "$1" | script -qec 'opx audit --interactive' /dev/null | tr -d '\r' >"$OUT"; }

edit 'q\n'
stdout_has 'Select denials to create allow rules for \(1,3,5 or q\): '
same before "$CONFIG/policy.json"
edit '7\n1\n9\n1\nn\n'
same before "$CONFIG/policy.json"

edit '1\n1\ny\n'
stdout_has 'Creating allow rule for: /opt/acme/kubectl -> op://Production/k8s/token$'
stdout_has '^Select permission level:$'
stdout_has '^  \[1\] op://Production/k8s/token \(exact match\)$'
stdout_has '^  \[2\] op://Production/k8s/\* \(this item\)$'
stdout_has '^  \[3\] op://Production/\* \(entire vault\)$'
stdout_has '^  \[4\] \* \(all secrets\)$'
stdout_has 'would have allowed 5, still denies 2'
stdout_has '"path": "/opt/acme/kubectl", "refs": \["op://Production/k8s/token"\]'
expect 0 opx policy test /opt/acme/kubectl op://Production/k8s/token --policy "$CONFIG/policy.json"
expect 3 opx policy test /opt/acme/kubectl op://Production/k8s/other --policy "$CONFIG/policy.json"
mode_is "$CONFIG/policy.json" -rw-------

edit '2\n2\ny\n'
stdout_has '^  \[1\] vault://kv/app/db#password \(exact match\)$'
stdout_has '^  \[2\] vault://kv/app/db#\* \(this path\)$'
stdout_has '^  \[3\] vault://kv/\* \(entire mount\)$'
stdout_has 'would have allowed 7, still denies 0'
expect 0 opx policy test /opt/acme/curl vault://kv/app/db#user --policy "$CONFIG/policy.json"
expect 3 opx policy test /opt/acme/curl vault://kv/app/other#user --policy "$CONFIG/policy.json"
