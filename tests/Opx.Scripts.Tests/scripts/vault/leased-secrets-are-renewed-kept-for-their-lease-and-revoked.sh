# seconds: 120
use_vault
export OP_AUTHD_BACKEND=vault
root POST sys/mounts/database '{"type":"database"}'
root POST database/roles/short '{"db_name":"x","default_ttl":"6s","max_ttl":"1h"}'
root POST database/roles/stuck '{"db_name":"x","default_ttl":"4s","renewable":false}'
root POST database/roles/long '{"db_name":"x","default_ttl":"1h"}'
rule db 'database/creds/+' read
rule db 'sys/leases/revoke' update
VAULT_TOKEN=$(token_for db)
export VAULT_TOKEN
start_daemon
# Name and password belong together: one batch, one request, one lease.
expect 0 opx read 'vault://database/creds/short#username' 'vault://database/creds/short#password'
sed -n 2p "$OUT" | tr -d '\n' >password
is "$(asked reads)" 1
is "$(ask leases)" 1
renewed() { [ "$(asked lease_renewals)" -ge 2 ]; }
wait_for renewed
expect 0 opx read -n 'vault://database/creds/short#password'
same password "$OUT"

# One that cannot be renewed is kept for its lease and not longer.
expect 0 opx read -n 'vault://database/creds/stuck#password'
cp "$OUT" stuck
dropped() { ! opx read -n 'vault://database/creds/stuck#password' | cmp -s - stuck; }
wait_for dropped

# Dropped is revoked: by invalidate, by a lock, by a clean stop.
expect 0 opx read 'vault://database/creds/long#password'
opx invalidate --all
ended() { [ "$(ask leases)" = 0 ]; }
wait_for ended
expect 0 opx read 'vault://database/creds/long#password'
opx lock
wait_for ended
opx unlock
expect 0 opx read 'vault://database/creds/long#password'
is "$(ask leases)" 1
stop_daemon
is "$(ask leases)" 0
