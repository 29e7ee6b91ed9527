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
fails opx login vault --address=ftp://x <typed
one_error 'address'
