# seconds: 90
use_vault
secret app '{"k":"value"}'
secret other '{"k":"other"}'
rule app 'secret/data/*' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon --ttl 0
ask 'fault?kind=slow&path=secret/&seconds=2&times=1'
prints value opx read 'vault://secret/app#k'
ask mend
ask 'fault?kind=hang&path=secret/data/app'
t0=$(now_ms)
expect 6 opx read 'vault://secret/app#k'
one_error .
at_most $(($(now_ms) - t0)) 40000
api POST /v1/read -d '{"ref":"vault://secret/other#k"}'
body_has '"value":"other"'
# The end of the daemon does not wait for it either.
opx read 'vault://secret/app#k' >/dev/null 2>&1 &
waiting=$!
wait_for sh -c 'curl -s "$1/control/requests" | tail -1 | grep -q hang' sh "$VAULT"
t0=$(now_ms)
stop_daemon
at_most $(($(now_ms) - t0)) 15000
wait "$waiting" || true
