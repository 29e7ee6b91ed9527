# Pitfall 28: VAULT_TOKEN and VAULT_ADDR are read, and BAO_… comes first for bao://.
use_vault --bao
secret app '{"k":"from bao"}'
rule app 'secret/data/app' read
bao_token=$(token_for app)
bao=$VAULT
use_vault
secret app '{"k":"from vault"}'
rule app 'secret/data/app' read
vault_token=$(token_for app)

export VAULT_TOKEN="$vault_token" BAO_TOKEN="$bao_token"
start_daemon
prints 'from bao' opx read 'bao://secret/app#k'
prints 'from vault' opx read 'vault://secret/app#k'
stop_daemon

unset BAO_TOKEN BAO_ADDR
start_daemon
prints 'from vault' opx read 'bao://secret/app#k'
stop_daemon

# Only BAO_…: vault:// has nothing to go by.
export BAO_ADDR="$bao" BAO_TOKEN="$bao_token"
unset VAULT_ADDR VAULT_TOKEN
start_daemon
prints 'from bao' opx read 'bao://secret/app#k'
expect 6 opx read 'vault://secret/app#k'
one_error 'address'
stop_daemon

# The configuration wins over the environment, and the file of the CLI is the last resort.
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\"},\"bao\":{\"address\":\"$bao\"}}"
export VAULT_ADDR=http://127.0.0.1:1 BAO_ADDR=http://127.0.0.1:1
unset BAO_TOKEN
printf '%s\n' "$vault_token" >"$HOME/.vault-token"
start_daemon
prints 'from vault' opx read 'vault://secret/app#k'
