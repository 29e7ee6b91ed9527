use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon --ttl 0
prints value opx read 'vault://secret/app#k'
ask 'fault?kind=limit&path=secret/&seconds=300&times=1'
expect 6 opx read 'vault://secret/app#k'
one_error .
ask mend
asked_before=$(asked requests)
# For as long as the server said nothing is asked any more.
api POST /v1/read -d '{"ref":"vault://secret/app#k"}'
problem 429 rate_limited
grep -qiE '^retry-after: (2[0-9][0-9]|300)' "$HEAD" || fail "$(cat "$HEAD")"
was_asked requests "$asked_before"
expect 0 opx status
stdout_has 'vault +rate_limited'
