start_daemon
api POST /v1/read -d '{"ref":"op://v/i/f"}'
answers 200
grep -qi '^content-type: application/json' "$HEAD" || fail "$(cat "$HEAD")"
body_has "\"value\":\"$(fake op://v/i/f)\""
body_has '"ref":"op://v/i/f"'
body_has '"from_cache":false'
body_has '"expires_in_seconds":1[12][0-9]'
body_has '"resolved_at_unix":[0-9]{10}'
api POST /v1/read -d '{"ref":"op://v/i/f"}'
body_has '"from_cache":true'
api POST /v1/read -d '{"ref":"op://v/i/f","fresh":true}'
body_has '"from_cache":false'
api POST /v1/read -d '{"ref":"op://v/i/f","flags":["--account=me"]}'
body_has "\"value\":\"$(fake op://v/i/f --account=me)\""
# A reference is escaped as JSON both ways.
api POST /v1/read -d '{"ref":"op:\/\/v\/i\/\u0066"}'
body_has "\"value\":\"$(fake op://v/i/f)\""
