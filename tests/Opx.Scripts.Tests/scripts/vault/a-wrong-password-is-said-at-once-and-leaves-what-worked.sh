use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me right-one app
put op://Work/vault/username me
put op://Work/vault/password right-one
put op://Work/vault/wrong wrong-one
settings '{
  "ttl": "0s",
  "backend": "multi"
}'
expect 0 opx login vault --address="$VAULT" --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
cp "$CONFIG/config.json" before
was_asked logins 1

expect 5 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/wrong
one_error '.'
stderr_lacks 'wrong-one'
expect 5 opx login vault --method=userpass <<'END'
me
wrong-one
END
one_error '.'
# A reference that leads nowhere is one too.
fails opx login vault --token-ref=op://Work/vault/none
one_error 'op://Work/vault/none'
same before "$CONFIG/config.json"
prints value opx read 'vault://secret/app#k'
was_asked logins 1
was_asked failed_logins 2
# Order, layout and what else stood there are as they were.
is "$(head -n 4 "$CONFIG/config.json" | tr -d '\n')" '{  "ttl": "0s",  "backend": "multi",  "vault": {'
nowhere right-one wrong-one
