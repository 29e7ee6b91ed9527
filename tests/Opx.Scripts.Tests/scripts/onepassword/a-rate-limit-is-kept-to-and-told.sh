# As long as 1Password says, no further call is made; the answer says how long.
use_op
put op://v/i/f value
echo rate-limited >"$OP/mode"
start_daemon
expect 6 opx read op://v/i/f
calls=$(op_calls)
api POST /v1/read -d '{"ref":"op://v/i/f"}'
problem 429 rate_limited
retry=$(tr -d '\r' <"$HEAD" | sed -n 's/^[Rr]etry-[Aa]fter: *//p')
[ "$retry" -gt 3300 ] && [ "$retry" -le 3480 ] || fail "Retry-After is '$retry'"
api POST /v1/read -d '{"ref":"op://v/i/other"}'
problem 429 rate_limited
is "$(op_calls)" "$calls"
api GET /v1/status
answers 200
