# Whoever may not read a password may not have it used either.
use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me p4ss-word-5 app
put op://Work/vault/username me
put op://Work/vault/password p4ss-word-5
program "$SCRATCH/bin/trusted"
only "$SCRATCH/bin/trusted" 'op://Work/*' 'vault://*'
start_daemon --ttl 0
ask forget
expect 3 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
one_error .
was_asked requests 0
is "$(op_calls read)" 0
missing "$CONFIG/config.json"
expect 0 "$SCRATCH/bin/trusted" -c 'opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password; exit $?'
expect 0 "$SCRATCH/bin/trusted" -c 'opx read "vault://secret/app#k"; exit $?'
stdout_is value
expect 3 opx read 'vault://secret/app#k'
