use_op
put op://v/i/f value
echo signed-out >"$OP/mode"
expect 5 opx read op://v/i/f
stderr_has 'opx login 1password|op signin|sign'
expect 0 opx login 1password
is "$(op_calls signin)" 1
prints value opx read op://v/i/f

expect 0 opx login 1password --account=work
grep -q 'signin.*work\|work.*signin' "$OP/calls" || fail "$(cat "$OP/calls")"
