# A typed token that the server does not know any more is dropped with the lock that it causes; one that lies in a file by then is read.
use_vault
export OP_AUTHD_BACKEND=vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
token_for app >typed
start_daemon --ttl 0
expect 0 opx login vault <typed
prints value opx read 'vault://secret/app#k'
ask kill-tokens >/dev/null
expect 5 opx read 'vault://secret/app#k'
expect 5 opx unlock
one_error 'opx login vault'
(umask 077 && token_for app >"$HOME/.vault-token")
prints value opx read 'vault://secret/app#k'
expect 0 opx login status
stdout_has 'token file'
