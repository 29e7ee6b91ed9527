start_daemon
for path in / /v1 /v1/ /v1/nothing /v2/read /v1/read/x /metrics /healthz /favicon.ico; do
    api GET "$path"
    problem 404 not_found
done
wrong() {
    api "$1" "$2"
    problem 405 bad_request
    grep -qi '^allow: ' "$HEAD" || fail "no Allow: $(cat "$HEAD")"
}
wrong GET /v1/read
wrong DELETE /v1/read
wrong POST /v1/status
wrong GET /v1/invalidate
