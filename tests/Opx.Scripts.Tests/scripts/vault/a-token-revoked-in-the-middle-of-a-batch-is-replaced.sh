use_op
use_vault
rule app 'secret/data/*' read
approle ci app
put op://Work/vault/role-id "$ROLE_ID"
put op://Work/vault/secret-id "$(secret_id ci)"
i=0
set --
while [ "$i" -lt 16 ]; do
    i=$((i + 1))
    secret "p$i" "{\"k\":\"value-$i\"}"
    set -- "$@" "vault://secret/p$i#k"
done
start_daemon --ttl 0
expect 0 opx login vault --role-id-ref=op://Work/vault/role-id --secret-id-ref=op://Work/vault/secret-id
ask 'fault?kind=revoke&path=secret/&after=5&times=1'
expect 0 opx read "$@"
is "$(sed -n '1p;16p' "$OUT" | tr '\n' ' ')" 'value-1 value-16 '
was_asked logins 2
# A token that opx was only given cannot be replaced: that is said, and said once.
token=$(token_for app)
ask mend
stop_daemon
rm "$CONFIG/config.json"
export VAULT_TOKEN="$token"
start_daemon --ttl 0
prints value-1 opx read 'vault://secret/p1#k'
ask kill-tokens >/dev/null
expect 5 opx read 'vault://secret/p1#k'
one_error .
nowhere "$token"
