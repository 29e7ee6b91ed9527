use_vault
root POST sys/namespaces/team >/dev/null
NAMESPACE=team
root POST sys/mounts/kv '{"type":"kv","options":{"version":"2"}}'
root POST kv/data/app '{"data":{"k":"the teams"}}' >/dev/null
rule app 'kv/data/*' read
token=$(token_for app)
NAMESPACE=
secret app '{"k":"the roots"}'
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\",\"namespace\":\"team\"}}"
unset VAULT_ADDR
export VAULT_TOKEN="$token"
start_daemon
prints 'the teams' opx read 'vault://kv/app#k'
expect 3 opx read 'vault://secret/app#k'
one_error .
expect 0 opx status
stdout_has 'namespace team'
ask requests >requests
grep -q '^GET \[team\] kv/data/app 200' requests || fail "$(cat requests)"
