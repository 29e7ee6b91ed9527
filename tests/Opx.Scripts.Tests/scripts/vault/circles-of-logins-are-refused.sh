# A login to Vault whose password lies in Vault, and one around two corners.
use_vault --bao
use_vault
secret login '{"token":"x"}'
expect 2 opx login vault --token-ref='vault://secret/login#token'
one_error 'vault'
missing "$CONFIG/config.json"

# bao signs in with what lies in vault: then vault cannot sign in with what lies in bao.
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\"},\"bao\":{\"address\":\"$BAO_ADDR\",\"auth\":{\"method\":\"token\",\"token_ref\":\"vault://secret/login#token\"}}}"
cp "$CONFIG/config.json" before
opx daemon stop >/dev/null 2>&1 || true
expect 2 opx login vault --token-ref='bao://secret/login#token'
one_error 'vault.*bao|bao.*vault'
same before "$CONFIG/config.json"

# Written by hand it is found too, and nobody waits for ever.
settings "{\"backend\":\"multi\",\"vault\":{\"address\":\"$VAULT\",\"auth\":{\"method\":\"token\",\"token_ref\":\"bao://secret/login#token\"}},\"bao\":{\"address\":\"$BAO_ADDR\",\"auth\":{\"method\":\"token\",\"token_ref\":\"vault://secret/login#token\"}}}"
opx daemon stop >/dev/null 2>&1 || true
fails opx read 'vault://secret/login#token'
one_error .
