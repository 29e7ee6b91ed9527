start_daemon
api POST /v1/read -d '{"ref":"gcp://x/y"}'
problem 400 unsupported_ref
body_has '"request_id":"[^"]+"'
first=$(grep -oE '"request_id":"[^"]+"' "$BODY")
api POST /v1/read -d '{"ref":"gcp://x/y"}'
[ "$(grep -oE '"request_id":"[^"]+"' "$BODY")" != "$first" ] || fail "the same id twice"
