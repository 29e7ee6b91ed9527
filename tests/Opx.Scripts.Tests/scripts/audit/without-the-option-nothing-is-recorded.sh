start_daemon
opx read op://v/i/f >/dev/null
is "$(find "$DATA" -name 'audit*')" ""
for command in audit 'audit tail' 'audit verify' "audit export --out $SCRATCH/x"; do
    # shellcheck disable=SC2086 # words
    expect 1 opx $command
    one_error 'there is no audit log in .*--enable-audit-log'
done
stop_daemon
mkdir -p "$CONFIG"
echo '{ "enable_audit_log": true, "audit_log_retention_days": 0 }' >"$CONFIG/config.json"
start_daemon
opx read op://v/i/f >/dev/null
expect 0 opx audit tail
stdout_has 'ALLOW .*op://v/i/f'
