# needs linux
# What was read of Vault leaves the sealed file with the logout, also where the daemon gets no time to tidy up.
use_op
put op://Work/vault/username me
put op://Work/vault/password secret
put op://v/i/f kept
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me secret app
start_daemon --disk-cache
expect 0 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
prints value opx read 'vault://secret/app#k'
prints kept opx read op://v/i/f
wait_for test -s "$DATA/cache.sealed"
both=$(bytes "$DATA/cache.sealed")
smaller() { [ -s "$DATA/cache.sealed" ] && [ "$(bytes "$DATA/cache.sealed")" -lt "$both" ]; }
reads=$(asked reads)
expect 0 opx logout vault
wait_for smaller
kill -KILL "$DAEMON"
wait "$DAEMON" || true
start_daemon --disk-cache
prints value opx read 'vault://secret/app#k'
was_asked reads "$((reads + 1))"
