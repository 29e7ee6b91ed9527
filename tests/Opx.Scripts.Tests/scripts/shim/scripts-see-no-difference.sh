# seconds: 170
# Each line is a script that uses op. It is run with op, and with the drop-in: standard output, exit code, the files it leaves, and the
# beginning of an error must be the same. What stands behind the reference in an error is opx's own words.
use_op
put op://v/i/plain 'correct horse'
put op://v/i/token 'tok-123'
put op://v/i/longer 'tok-123-and-more'
put op://v/i/lines "one${NL}two${NL}"
put op://v/i/multi "first line${NL}second line"
put op://v/i/empty ''
put op://v/i/utf 'grüße 🔑'
put op://v/i/quotes "a'b\"c\$d\\e"
put op://v/i/controls "$(printf 'a\001b\tc')"
put op://v/i/section/f 'in a section'
put op://prod/i/f 'production'
put op://dev/i/f 'development'
put 'op://v/an item/a field' 'spaces'
real=$SCRATCH/double
expect 0 opx shim install --dir "$PWD/shim"
export STAGE=prod

cat >a.env <<'END'
# comment
TOKEN=op://v/i/token
PLAIN="a value"
STAGED=op://$STAGE/i/f
END
printf "TOKEN='op://v/i/plain'\nEXTRA=later\nexport OTHER=x # comment\n" >b.env
printf 'BAD=op://v/i/nothing\n' >bad.env
printf 'user: {{ op://v/i/plain }}\npass: {{op://v/i/token}}\n' >t.tpl
printf 'bare: op://v/i/token, in quotes "op://v/i/plain"\nurl: http://x/?a=1\n' >bare.tpl
# shellcheck disable=SC2016 # the template's
printf 'a: {{ op://$STAGE/i/f }}\nb: op://${STAGE}/i/f\nc: op://${NONE:-dev}/i/f\n' >vars.tpl
printf 'no references {{ here }} {"a":{"b":1}}\n' >none.tpl
printf 'x: {{ op://v/i/token }}{{ op://v/i/plain }}op://v/i/token\n' >joined.tpl
printf 'x: {{ op://v/i/nothing }}\n' >bad.tpl

cat >cases <<'END'
op read op://v/i/plain
op read -n op://v/i/plain
op read --no-newline op://v/i/plain
op read op://v/i/plain --no-newline
op read "op://v/an item/a field"
op read op://v/i/section/f
op read op://v/i/lines
op read -n op://v/i/lines
op read op://v/i/empty
op read op://v/i/utf
op read op://v/i/quotes
op read op://v/i/controls
op read op://v/i/nothing
op read op://v/nothing/f
op read op://nothing/i/f
op read op://v/i/plain --account work
op --account=work read op://v/i/plain
op read --cache=false --no-color op://v/i/plain
op read -o out op://v/i/plain
op read --out-file=out --file-mode 0640 op://v/i/token
op read -n -o out op://v/i/token
op read -f -o there op://v/i/token
op read -o there op://v/i/token
op read -o /nowhere/at/all op://v/i/token >/dev/null 2>&1
X=$(op read op://v/i/token); echo "got $X"
op read op://v/i/token | tr a-z A-Z
op read op://v/i/nothing || echo "failed with $?"
op read vault/item/field
op read op://too-short
op run --env-file a.env -- sh -c 'echo "$TOKEN"'
op run --env-file a.env --no-masking -- sh -c 'echo "$TOKEN $PLAIN $STAGED"'
op run --no-masking --env-file=a.env --env-file b.env -- sh -c 'echo "$TOKEN $PLAIN $EXTRA $OTHER"'
op run --env-file a.env -- sh -c 'echo "out $TOKEN"; echo "err $TOKEN" >&2'
op run --env-file a.env -- sh -c 'printf "%s" "$TOKEN"; exit 7'
op run --no-masking --env-file a.env -- sh -c 'exit 42'
op run --env-file a.env -- false
op run --env-file bad.env -- echo never
op run --env-file no-such.env -- echo never 2>/dev/null
T=op://v/i/token op run --no-masking -- printenv T
T=op://v/i/token op run -- printenv T
T='op://$STAGE/i/f' op run --no-masking -- printenv T
A=op://v/i/token B=op://v/i/longer op run -- sh -c 'echo "$A $B $B$A x"'
A=op://v/i/multi op run -- sh -c 'echo "$A"; echo "second line alone"'
A=op://v/i/utf op run -- sh -c 'echo "<$A>"'
T=op://v/i/token OP_RUN_NO_MASKING=true op run -- printenv T
T=op://v/i/token OP_RUN_NO_MASKING=false op run -- printenv T
T=op://v/i/token OP_RUN_NO_MASKING=1 op run --no-masking=false -- printenv T
op run -- echo plain
echo input | op run -- cat
op run --no-masking -- sh -c 'echo "$#: $1|$2"' sh 'a b' --account=x
op run --no-masking -- echo -- --no-masking
T=op://v/i/token op run -- sh -c 'i=0; while [ $i -lt 2000 ]; do echo "line $i $T"; i=$((i + 1)); done' | cksum
op inject -i t.tpl
op inject --in-file t.tpl
op inject <t.tpl
cat t.tpl | op inject
op inject -i t.tpl -o filled
op inject -i t.tpl --out-file filled --file-mode=0644
op inject -f -i t.tpl -o there
op inject -i t.tpl -o there
op inject -i bare.tpl
op inject -i vars.tpl
op inject -i none.tpl
op inject -i joined.tpl
op inject -i bad.tpl
echo '{{ op://v/i/controls }}' | op inject | od -c
op inject -i no-such.tpl 2>/dev/null
op whoami --format json
op --version
op signin
op vault list
op read --no-such-flag op://v/i/plain
END

once() { # once NAME PATH CASE: runs it in a directory of its own that looks the same to both
    rm -rf "$SCRATCH/work/case" "$1"
    mkdir "$SCRATCH/work/case" "$1"
    cp ./*.env ./*.tpl "$SCRATCH/work/case"
    echo old >"$SCRATCH/work/case/there"
    code=0
    (cd "$SCRATCH/work/case" && PATH=$2 sh -c "$3" >"$SCRATCH/work/$1/out" 2>"$SCRATCH/work/$1/messages") || code=$?
    echo "$code" >"$1/code"
    # The moment, and what is behind "could not read secret 'REF'".
    sed -E -e 's|[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8}|DATE|' -e "s|(could not read secret '[^']*').*|\1|" "$1/messages" >"$1/err"
    rm "$1/messages"
    (cd "$SCRATCH/work/case" && for file in *; do ls -l "$file" | cut -c1-10; cksum "$file"; done) >"$1/files"
}
count=0
while IFS= read -r case; do
    count=$((count + 1))
    once with-op "$real:$PATH" "$case"
    calls=$(op_calls)
    once with-opx "$PWD/shim:$real:$PATH" "$case"
    diff -r with-op with-opx >"$SCRATCH/difference" || { cat "$SCRATCH/difference"; fail "case $count differs: $case"; }
done <cases
[ "$count" -ge 60 ] || fail "only $count cases"
echo "$count cases"

# And it was opx that answered: what is cached costs no call of op.
PATH=$PWD/shim:$PATH
prints 'correct horse' op read op://v/i/plain
calls=$(op_calls)
prints 'correct horse' op read op://v/i/plain
is "$(op_calls)" "$calls"
