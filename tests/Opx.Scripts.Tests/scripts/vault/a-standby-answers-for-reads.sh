# What sys/health says of a node that is not the active one is no reason not to read from it.
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon --ttl 0
for status in 429 472 473; do
    ask "fault?kind=standby&status=$status"
    is "$(curl -s -o /dev/null -w '%{http_code}' "$VAULT/v1/sys/health")" "$status"
    prints value opx read 'vault://secret/app#k'
    expect 0 opx status
    stdout_has 'vault +ready'
    ask mend
done
# One for disaster recovery answers nothing.
ask 'fault?kind=recovery'
is "$(curl -s -o /dev/null -w '%{http_code}' "$VAULT/v1/sys/health")" 472
expect 6 opx read 'vault://secret/app#k'
one_error 'disaster recovery'
printf %s "$VAULT_TOKEN" >typed
expect 6 opx login vault <typed
one_error 'disaster recovery'
