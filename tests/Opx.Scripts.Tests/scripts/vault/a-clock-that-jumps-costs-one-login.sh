# The server's time jumps past the token's end: nobody told the daemon, the next read finds out and goes on.
use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me p4ss-word-3 app '"token_ttl":"20m"'
put op://Work/vault/username me
put op://Work/vault/password p4ss-word-3
start_daemon --ttl 0
expect 0 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
prints value opx read 'vault://secret/app#k'
was_asked logins 1
ask 'advance?seconds=7200'
prints value opx read 'vault://secret/app#k'
was_asked logins 2
prints value opx read 'vault://secret/app#k'
was_asked logins 2
