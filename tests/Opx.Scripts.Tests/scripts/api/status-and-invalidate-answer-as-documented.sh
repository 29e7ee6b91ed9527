start_daemon
api POST /v1/reads -d '{"refs":["op://v/i/a","op://v/i/b"]}'
api GET /v1/status
answers 200
for field in '"backend":"fake"' '"version":"[^"]+"' '"uptime_seconds":[0-9]+' '"cache_size":2' '"hits":0' '"misses":2' '"in_flight":0' '"ttl_seconds":120' \
    '"socket_path":"[^"]+"' '"policy_rule_count":0' '"session":\{"state":"[a-z]+","idle_timeout_seconds":28800,"time_until_lock_seconds":[0-9]+,"enabled":true\}'; do
    body_has "$field"
done
api POST /v1/invalidate -d '{"refs":["op://v/i/a","op://v/i/none"]}'
answers 200
body_has '^\{"removed":1\}$'
api POST /v1/invalidate -d '{"all":true}'
body_has '"removed":1'
