use_vault
root POST sys/mounts/old '{"type":"kv","options":{"version":"1"}}'
root POST old/data/app '{"password":"in data"}'
root POST old/app '{"password":"plain","n":1.50,"data":{"data":"not a version two"}}'
rule old 'old/*' read
VAULT_TOKEN=$(token_for old)
export VAULT_TOKEN
start_daemon
prints plain opx read 'vault://old/app#password'
prints 1.50 opx read 'vault://old/app#n'
prints '{"data":"not a version two"}' opx read 'vault://old/app#data'
prints 'in data' opx read 'vault://old/data/app#password'
# There are no versions to ask for.
fails opx read 'vault://old/app?version=1#password'
expect 4 opx read 'vault://old/none#k'
one_error .
