# needs linux
# seconds: 240
# Forty values in ten paths of Vault, singly, in batches and under load, with the disk cache and without it: in the daemon's memory until the
# lock, and neither there nor in a worker after it. How long the load lasts: OPX_MEMORY_SECONDS.
use_vault
rule app 'secret/data/*' read
set --
i=0
while [ "$i" -lt 40 ]; do
    secret "app$i" "{\"a\":\"$(canary "$i")\",\"b\":\"$(canary $((i + 1)))\",\"c\":\"$(canary $((i + 2)))\",\"d\":\"$(canary $((i + 3)))\"}"
    set -- "$@" "vault://secret/app$i#a" "vault://secret/app$i#b" "vault://secret/app$i#c" "vault://secret/app$i#d"
    i=$((i + 4))
done
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN

for option in --enable-session-lock --disk-cache; do
    watched_daemon "$option"
    clean
    expect 0 opx read "$1"
    expect 0 opx read "$@"
    stdout_has "^$(canary 39)\$"
    holds 40
    tool readers "$SOCKET" "$DATA" "$OPX_MEMORY_SECONDS" "$@"
    wait "$TOOL" || fail "the readers were not answered"
    holds 40
    expect 0 opx lock
    clean
    one_daemon
    missing "$DATA/cache.sealed"
    expect 0 opx unlock

    # One that fails when the others have been read already.
    expect 4 opx resolve "A=$1" "B=$2" C=vault://secret/none#k
    expect 0 opx invalidate --all
    wait_for one_daemon
    clean
    stop_watched
done
