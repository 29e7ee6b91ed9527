export OP_AUTHD_BACKEND=multi VAULT_TOKEN=hvs.never-sent-to-anybody
meets() {
    start_daemon
    expect 6 opx read 'vault://secret/app#k'
    one_error "$1"
    stop_daemon
}
# Plain http is for this machine alone.
export VAULT_ADDR=http://192.0.2.7:8200
meets 'http'
export VAULT_ADDR=ftp://127.0.0.1
meets 'address|http'
export VAULT_ADDR=https://no-such-host.invalid:8200
meets .
export VAULT_ADDR=http://127.0.0.1:1
meets .
unset VAULT_ADDR
meets 'address|configured'
# Said for a login too.
printf typed >typed
start_daemon
for address in ftp://x http://192.0.2.7:8200 https://u:p@x nonsense; do
    expect 2 opx login vault --address="$address" <typed
    one_error 'address'
done
