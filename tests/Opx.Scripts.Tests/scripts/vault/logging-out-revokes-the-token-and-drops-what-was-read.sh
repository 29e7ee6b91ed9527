use_vault
secret app '{"k":"value"}'
root POST sys/mounts/database '{"type":"database"}'
root POST database/roles/app '{"db_name":"x","default_ttl":"1h"}'
rule app 'secret/data/app' read
rule app 'database/creds/app' read
rule app 'sys/leases/revoke' update
token=$(token_for app)
printf %s "$token" >typed
start_daemon
expect 0 opx login vault --json <typed
stdout_has '"backend":"vault","method":"token","expires_in_seconds":[0-9]+,"renewable":true'
prints value opx read 'vault://secret/app#k'
expect 0 opx read 'vault://database/creds/app#password'
is "$(ask leases)" 1
is "$(counter cache_size)" 2
expect 0 opx logout vault
stdout_is 'signed out, token revoked'
stderr_empty
is "$(ask tokens)" 0
is "$(ask leases)" 0
is "$(counter cache_size)" 0
expect 5 opx read 'vault://secret/app#k'
expect 0 opx login status
stdout_has 'signed out'
# Told to programs, and not at all.
token_for app >typed
expect 0 opx login vault --quiet <typed
silent
expect 0 opx logout vault --json
stdout_has '"backend":"vault","revoked":true'
# A second time there is nothing to give back, and no daemon is started for it.
expect 0 opx logout vault
stdout_has 'nothing was revoked'
stop_daemon
expect 6 opx logout vault
no_daemon
