use_vault --bao
root POST sys/mounts/pki '{"type":"pki"}'
root POST pki/root/generate/internal '{"common_name":"example"}' >/dev/null
curl -sS "$VAULT/v1/pki/ca/pem" >pem
curl -sS "$VAULT/v1/pki/ca" >der
curl -sS "$VAULT/v1/pki/ca_chain" >chain
rule pki 'pki/*' read
BAO_TOKEN=$(token_for pki)
export BAO_TOKEN
start_daemon
expect 0 opx read -n bao://pki/ca/pem
same pem "$OUT"
expect 0 opx read -n bao://pki/ca_chain
same chain "$OUT"
expect 0 opx read -n bao://pki/ca
same der "$OUT"
at_least_one_zero=$(tr -d -c '\000' <"$OUT" | wc -c)
echo "$at_least_one_zero bytes are zero"
# A part of what has none cannot be had.
fails opx read 'bao://pki/ca/pem#certificate'
one_error .
