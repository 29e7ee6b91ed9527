# needs linux
# After the exec nothing of opx is left: one copy, in the environment block; no descriptor more than without opx; opx's own variables taken
# back, and no others.
use_op
plant 2
export SSL_CERT_DIR=/some/where OPENSSL_CONF=/dev/null KEPT=yes
unset SSL_CERT_FILE
# A program that copies no environment, as sh would.
copy=$SCRATCH/work/pause
cp "$(command -v sleep)" "$copy"
one() {
    "$DOTNET" "$KIT/tool/Opx.Scripts.Tests.dll" tool search "$1" "$NEEDLE" >"$SCRATCH/seen" 2>"$SCRATCH/where" || not_run "another process's memory cannot be looked at"
    cat "$SCRATCH/seen" "$SCRATCH/where"
}
became() { [ "$(readlink "/proc/$1/exe")" = "$copy" ]; }

"$copy" 60 &
plain=$!
wait_for became "$plain"
one "$plain"
grep -q '^total=0 ' "$SCRATCH/seen" || fail "the search finds what is not there"

opx run --env TOKEN=op://v/i0/f -- "$copy" 60 &
child=$!
wait_for became "$child"
one "$child"
grep -q '^total=1 distinct=1 utf8=1 ' "$SCRATCH/seen" || fail "more than the environment: $(cat "$SCRATCH/seen")"
grep -q 'stack' "$SCRATCH/where" || fail "the copy is not in the environment block"
is "$(ls "/proc/$child/fd" | tr '\n' ' ')" "$(ls "/proc/$plain/fd" | tr '\n' ' ')"
is "$(grep -E '^(Shd|Sig)' "/proc/$child/status")" "$(grep -E '^(Shd|Sig)' "/proc/$plain/status")"
tr '\0' '\n' <"/proc/$plain/environ" | sort >"$SCRATCH/before"
tr '\0' '\n' <"/proc/$child/environ" | grep -v "^TOKEN=$NEEDLE" | sort >"$SCRATCH/after"
same "$SCRATCH/before" "$SCRATCH/after"
kill "$plain" "$child"
