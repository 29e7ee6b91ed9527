# Name and password of a leased secret belong together, also where they are asked for one after the other.
# seconds: 120
use_vault
export OP_AUTHD_BACKEND=vault
root POST sys/mounts/database '{"type":"database"}'
root POST database/roles/app '{"db_name":"x","default_ttl":"1h"}'
rule db 'database/creds/+' read
rule db 'sys/leases/revoke' update
VAULT_TOKEN=$(token_for db)
export VAULT_TOKEN
name='vault://database/creds/app#username' password='vault://database/creds/app#password' both='vault://database/creds/app'
# pair: what the two keys are, each by a command of its own, and that it is what the server gave together.
pair() {
    expect 0 opx read "$name"
    NAME=$(cat "$OUT")
    expect 0 opx read "$password"
    PASSWORD=$(cat "$OUT")
    prints "{\"password\":\"$PASSWORD\",\"username\":\"$NAME\"}" opx read "$both"
}
start_daemon --ttl 1s
pair
first=$NAME
is "$(asked reads)" 1
# The cache's time is over and the lease lives: the same pair, and nobody is asked.
empty() { [ "$(counter cache_size)" = 0 ]; }
wait_for empty
pair
is "$NAME" "$first"
is "$(asked reads)" 1
is "$(ask leases)" 1

# A fresh one of the one key is a new pair, and the old one is given back.
expect 0 opx read --fresh "$password"
pair
is "$(asked reads)" 2
one_left() { [ "$(ask leases)" = 1 ]; }
wait_for one_left
[ "$NAME" != "$first" ]

# So it is after an invalidation of one key, and after a lock.
second=$NAME
opx invalidate "$password"
pair
[ "$NAME" != "$second" ]
is "$(asked reads)" 3
wait_for one_left
third=$NAME
opx lock
opx unlock
pair
[ "$NAME" != "$third" ]
wait_for one_left
stop_daemon
is "$(ask leases)" 0

# Asked for at the same moment by several.
start_daemon
for i in 1 2 3 4; do
    opx read "$name" >"name.$i" &
    HELPERS="${HELPERS-} $!"
    opx read "$password" >"password.$i" &
    HELPERS="$HELPERS $!"
done
all() { [ "$(cat name.? password.? 2>/dev/null | wc -l)" = 8 ]; }
wait_for all
is "$(sort -u name.? | wc -l)" 1
is "$(sort -u password.? | wc -l)" 1
stop_daemon
is "$(ask leases)" 0
