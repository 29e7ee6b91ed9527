use_vault
secret app '{"k":"one"}'
secret app '{"k":"two"}'
secret app '{"k":"three"}'
root POST secret/destroy/app '{"versions":[2]}'
root DELETE secret/data/app
rule app 'secret/data/app' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon
prints one opx read 'vault://secret/app?version=1#k'
prints one opx read 'vault://secret/data/app?version=1#k'
expect 4 opx read 'vault://secret/app#k'
one_error 'deleted'
expect 4 opx read 'vault://secret/app?version=3#k'
one_error 'deleted'
expect 4 opx read 'vault://secret/app?version=2#k'
one_error 'destroyed'
expect 4 opx read 'vault://secret/app?version=9#k'
one_error .
fails opx read 'vault://secret/app?version=one#k'
one_error 'version'
root POST secret/undelete/app '{"versions":[3]}'
prints three opx read --fresh 'vault://secret/app#k'
