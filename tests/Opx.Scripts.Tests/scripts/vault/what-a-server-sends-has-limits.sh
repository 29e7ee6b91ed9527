# A secret of nearly 16 MiB is read byte for byte; one that is larger is too_large, whether it was written so or the server makes it up, and costs the
# daemon neither memory nor the next read.
use_vault
head -c 15000000 /dev/zero | tr '\0' a >large
printf '{"data":{"k":"%s"}}' "$(cat large)" >large.json
curl -sS --fail-with-body -X POST -H "X-Vault-Token: $ROOT" -d @large.json "$VAULT/v1/secret/data/large" >/dev/null
secret small '{"k":"v"}'
rule app 'secret/data/*' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon --enable-audit-log
expect 0 opx read -n 'vault://secret/large#k'
same large "$OUT"
ask 'fault?kind=large&bytes=17000000&path=secret/data/large'
expect 2 opx read --fresh 'vault://secret/large#k'
one_error 'larger than 16 MiB'
# It harms its own path alone, in a batch too.
api POST /v1/reads -d '{"refs":["vault://secret/large#k","vault://secret/small#k"],"fresh":true}'
answers 200
body_has '"code":"too_large"'
body_has '"value":"v"'
ask 'fault?kind=large&bytes=200000000&path=secret/data/large'
expect 2 opx read --fresh 'vault://secret/large#k'
ask mend
prints v opx read --fresh 'vault://secret/small#k'
stop_daemon
