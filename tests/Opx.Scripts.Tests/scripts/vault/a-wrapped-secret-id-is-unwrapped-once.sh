use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
approle ci app
wrapped=$(curl -sS -X POST -H "X-Vault-Token: $ROOT" -H 'X-Vault-Wrap-TTL: 120s' "$VAULT/v1/auth/approle/role/ci/secret-id" | member token)
put op://Work/vault/role-id "$ROLE_ID"
put op://Work/vault/wrapped "$wrapped"
start_daemon --ttl 0
expect 0 opx login vault --role-id-ref=op://Work/vault/role-id --wrapped-secret-id-ref=op://Work/vault/wrapped
stdout_has 'by approle'
prints value opx read 'vault://secret/app#k'
was_asked unwraps 1
# Unwrapped by somebody else first: an error that says so, and no second try.
expect 5 opx login vault --role-id-ref=op://Work/vault/role-id --wrapped-secret-id-ref=op://Work/vault/wrapped
one_error 'wrap'
prints value opx read 'vault://secret/app#k'
nowhere "$wrapped"
