use_vault
for path in 'a b' 'ü/ö' 'plus+and=eq' 'percent%20' 'dots.and-dashes_' "quote'" 'semi;colon' 'co:lon' 'deep/er/and/deeper'; do
    encoded=$(printf %s "$path" | od -An -tx1 | tr -d '\n' | sed 's/ 2f/\//g; s/ \([0-9a-f][0-9a-f]\)/%\1/g')
    root POST "secret/data/$encoded" '{"data":{"a key":"v1","k.é":"v2","":"v3"}}' >/dev/null
done
rule all 'secret/*' read
VAULT_TOKEN=$(token_for all)
export VAULT_TOKEN
start_daemon
for path in 'a b' 'ü/ö' 'plus+and=eq' 'percent%20' 'dots.and-dashes_' "quote'" 'semi;colon' 'co:lon' 'deep/er/and/deeper'; do
    prints v1 opx read "vault://secret/$path#a key"
    prints v2 opx read "vault://secret/$path#k.é"
done
# A path cannot leave its place, nor carry a second question.
for path in 'vault://secret/../sys/mounts#k' 'vault://secret/data/../../sys/mounts' 'vault://..#k'; do
    expect 2 opx read "$path"
    one_error '\.\.'
done
ask requests >requests
if grep -q 'sys/mounts$\|sys/mounts 2' requests; then fail "$(cat requests)"; fi
