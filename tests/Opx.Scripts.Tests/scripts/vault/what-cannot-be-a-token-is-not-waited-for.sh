# A pipe where a file should be, and characters that no header takes: said at once, and nobody is asked three times.
use_vault
export OP_AUTHD_BACKEND=vault
mkfifo "$HOME/.vault-token"
start_daemon
expect 5 opx read 'vault://secret/app#k'
one_error 'not signed in'
printf 'hvs.caf\303\251' >typed
ask forget
expect 5 opx login vault <typed
one_error 'characters that no token has'
is "$(ask requests)" ''
stop_daemon
mkfifo ca.pem
export VAULT_CACERT="$PWD/ca.pem" VAULT_TOKEN=hvs.never-sent
start_daemon
expect 6 opx read 'vault://secret/app#k'
one_error 'ca_cert'
stop_daemon
