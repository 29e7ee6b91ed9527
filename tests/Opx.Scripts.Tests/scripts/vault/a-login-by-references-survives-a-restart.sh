# A password, an approle and a token, each read from 1Password when it is needed. A restart needs nobody.
use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me 'p4ss-word-1' app
approle ci app
put op://Work/vault/username me
put op://Work/vault/password p4ss-word-1
put op://Work/vault/role-id "$ROLE_ID"
put op://Work/vault/secret-id "$(secret_id ci)"
put op://Work/vault/token "$(token_for app)"

signs_in() {
    method=$1
    shift
    expect 0 opx login vault --address="$VAULT" "$@"
    stdout_has "signed in to vault by $method"
    stderr_empty
    prints value opx read 'vault://secret/app#k'
    opx daemon stop
    # Nothing of this shell helps the next daemon.
    prints value env -u VAULT_ADDR opx read 'vault://secret/app#k'
    expect 0 opx login status
    stdout_has "signed in by $method .references."
    mode_is "$CONFIG/config.json" -rw-------
    opx daemon stop
}

signs_in userpass --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
signs_in approle --role-id-ref op://Work/vault/role-id --secret-id-ref op://Work/vault/secret-id
signs_in token --token-ref=op://Work/vault/token
grep -q '"token_ref": "op://Work/vault/token"' "$CONFIG/config.json" || fail "$(cat "$CONFIG/config.json")"
if grep -q 'role_id_ref\|username_ref' "$CONFIG/config.json"; then fail "the old login is still there"; fi
nowhere p4ss-word-1 "$(cat "$OP/values/Work/vault/secret-id.value")" "$(cat "$OP/values/Work/vault/token.value")"
