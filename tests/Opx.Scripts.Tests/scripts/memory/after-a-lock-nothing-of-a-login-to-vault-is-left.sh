# needs linux
# seconds: 120
# After a lock nothing of a value, a password, a secret id or a token that was typed is left in the daemon, and none of it is on disk.
use_op
use_vault
secret app "{\"k\":\"$(canary 1)\"}"
rule app 'secret/data/app' read
user me "$(canary 2)" app
approle ci app
root POST auth/approle/role/ci/custom-secret-id "{\"secret_id\":\"$(canary 3)\"}" >/dev/null
root POST auth/token/create "{\"id\":\"$(canary 4)\",\"policies\":[\"app\"]}" >/dev/null
put op://Work/vault/username me
put op://Work/vault/password "$(canary 2)"
put op://Work/vault/role-id "$ROLE_ID"
put op://Work/vault/secret-id "$(canary 3)"
canary 4 >"$SCRATCH/typed"
watched_daemon
clean
expect 0 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
expect 0 opx read 'vault://secret/app#k'
stdout_is "$(canary 1)"
expect 0 opx login vault --role-id-ref=op://Work/vault/role-id --secret-id-ref=op://Work/vault/secret-id
expect 0 opx read --fresh 'vault://secret/app#k'
expect 0 opx login vault <"$SCRATCH/typed"
expect 0 opx read --fresh 'vault://secret/app#k'
holds 1
expect 0 opx lock
clean
nowhere "$(canary 1)" "$(canary 2)" "$(canary 3)" "$(canary 4)"
stop_watched
