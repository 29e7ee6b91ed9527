# Pitfall 27: data.data is taken apart just once, and data/ is put into the path just once.
use_vault
secret app '{"password":"s3 cret\u00fc<&>","port":5432,"ok":true,"none":null,"list":[1, "two"],"empty":"","nested":{"b":1,"a":2}}'
rule app 'secret/data/*' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon
prints 's3 cretü<&>' opx read 'vault://secret/app#password'
prints 's3 cretü<&>' opx read 'vault://secret/data/app#password'
prints 5432 opx read 'vault://secret/app#port'
prints true opx read 'vault://secret/app#ok'
prints null opx read 'vault://secret/app#none'
prints '[1,"two"]' opx read 'vault://secret/app#list'
expect 0 opx read -n 'vault://secret/app#empty'
silent
expect 0 opx read 'vault://secret/app'
stdout_has '"port":5432'
stdout_has '^[{]"'
stdout_lacks metadata
stdout_lacks request_id
expect 4 opx read 'vault://secret/app#nokey'
one_error 'nokey|key'
expect 4 opx read 'vault://secret/nothing#k'
one_error .
