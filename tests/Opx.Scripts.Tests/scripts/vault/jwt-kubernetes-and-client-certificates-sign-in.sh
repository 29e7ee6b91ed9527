use_op
use_vault --tls
secret app '{"k":"value"}'
rule app 'secret/data/app' read
key=$(ask jwt-key | sed ':a;N;$!ba;s/\n/\\n/g')
root POST sys/auth/jwt '{"type":"jwt"}'
root POST auth/jwt/config "{\"jwt_validation_pubkeys\":[\"$key\"]}"
root POST auth/jwt/role/ci '{"role_type":"jwt","user_claim":"sub","bound_audiences":["opx"],"token_policies":["app"]}'
root POST sys/auth/kubernetes '{"type":"kubernetes"}'
root POST auth/kubernetes/config "{\"pem_keys\":[\"$key\"]}"
root POST auth/kubernetes/role/pod '{"bound_service_account_names":"runner","bound_service_account_namespaces":"builds","token_policies":"app"}'
root POST sys/auth/cert '{"type":"cert"}'
root POST auth/cert/certs/machine "{\"certificate\":\"$(sed ':a;N;$!ba;s/\n/\\n/g' "$SCRATCH/ca.pem")\",\"token_policies\":\"app\"}"
put op://Work/ci/jwt "$(ask 'jwt?sub=me&aud=opx')"
put op://Work/ci/other "$(ask 'jwt?sub=me&aud=other')"
put op://Work/pod/jwt "$(ask 'jwt?account=runner&in=builds')"
ask 'client-certificate?name=machine' >both.pem
sed -n '/BEGIN CERT/,/END CERT/p' both.pem >"$HOME/client.crt"
sed -n '/BEGIN.*KEY/,/END.*KEY/p' both.pem >"$HOME/client.key"
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\",\"ca_cert\":\"$SCRATCH/ca.pem\",\"client_cert\":\"$HOME/client.crt\",\"client_key\":\"$HOME/client.key\"}}"
start_daemon --ttl 0

expect 0 opx login vault --role=ci --jwt-ref=op://Work/ci/jwt
stdout_has 'by jwt'
prints value opx read 'vault://secret/app#k'
expect 5 opx login vault --role=ci --jwt-ref=op://Work/ci/other
one_error .

expect 0 opx login vault --method=kubernetes --role=pod --jwt-ref=op://Work/pod/jwt
stdout_has 'by kubernetes'
prints value opx read 'vault://secret/app#k'
expect 5 opx login vault --method=kubernetes --role=pod --jwt-ref=op://Work/ci/jwt

expect 0 opx login vault --method=cert --role=machine
stdout_has 'by cert'
prints value opx read 'vault://secret/app#k'
stop_daemon
start_daemon --ttl 0
prints value opx read 'vault://secret/app#k'
grep -q '"method": "cert"' "$CONFIG/config.json"
