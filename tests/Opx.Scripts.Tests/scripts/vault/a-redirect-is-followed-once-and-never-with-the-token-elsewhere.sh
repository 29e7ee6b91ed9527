use_vault
elsewhere=$VAULT
secret app '{"k":"from elsewhere"}'
ELSEWHERE_ROOT=$ROOT
use_vault --tls
secret app '{"k":"value"}'
rule app 'secret/data/app' read
token=$(token_for app)
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\",\"ca_cert\":\"$SCRATCH/ca.pem\"}}"
export VAULT_TOKEN="$token"
start_daemon --ttl 0
prints value opx read 'vault://secret/app#k'
# To itself, as a standby does that knows the active node's address: once.
ask "fault?kind=redirect&path=secret/&times=1&to=$VAULT"
prints value opx read 'vault://secret/app#k'
ask mend
ask "fault?kind=redirect&path=secret/&to=$VAULT"
expect 6 opx read 'vault://secret/app#k'
one_error .
ask mend
stop_daemon
# To plain http, and to another host: not with the token, and not for a value.
start_daemon --ttl 0
ask "fault?kind=redirect&path=secret/&to=$elsewhere"
expect 6 opx read 'vault://secret/app#k'
one_error .
is "$(curl -s "$elsewhere/control/count?of=requests_with_token")" "$(curl -s "$elsewhere/control/count?of=requests")"
curl -s "$elsewhere/control/requests" >seen
is "$(grep -c 'GET secret/data/app' seen)" 0
nowhere "$token" "$ELSEWHERE_ROOT"
