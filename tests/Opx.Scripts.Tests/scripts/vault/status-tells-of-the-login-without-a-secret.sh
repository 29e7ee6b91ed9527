use_vault
secret app '{"k":"the-value-itself"}'
rule app 'secret/data/app' read
token=$(token_for app '"ttl":"30m"')
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\",\"namespace\":\"\"}}"
rm "$CONFIG/config.json"
printf %s "$token" >typed
expect 6 opx login status
no_daemon
start_daemon
expect 0 opx login vault <typed
opx read 'vault://secret/app#k' >/dev/null
expect 0 opx login status
stdout_has "^vault signed in by token .typed., (29m [0-9]+s|30m 0s) left, renewable; $VAULT"
expect 0 opx login status --json
stdout_has '"name":"vault","address":"'
stdout_has '"login":[{]"method":"token","from":"typed","state":"signed_in","expires_in_seconds":1[78][0-9]+,"renewable":true'
expect 0 opx status
stdout_has "$VAULT"
stdout_has 'signed in by token'
expect 0 opx status --json
stdout_lacks "$token"
stdout_lacks the-value-itself
nowhere "$token" the-value-itself
# A server that is away shows, with the breaker's state.
kill -KILL "$SERVER"
stop_daemon
export VAULT_TOKEN=hvs.whatever
start_daemon
i=0
while [ "$i" -lt 6 ]; do
    i=$((i + 1))
    expect 6 opx read --fresh 'vault://secret/app#k'
done
expect 0 opx status
stdout_has 'vault +unavailable'
