mkdir -p "$CONFIG"
refuses() {
    printf '%s' "$1" >"$CONFIG/config.json"
    shift
    fails opx-authd
    stdout_empty
    stderr_has 'config\.json'
    for word in "$@"; do stderr_has "$word"; done
    missing "$SOCKET"
}
refuses '{"nonsense": 1}' nonsense
refuses '{"backend": "onepass"}' backend onepass
refuses '{"backend": 7}' backend
refuses '{"backend": "fake", "backend": "multi"}' backend
refuses '{"backend": "fake"' 'config'
refuses '[]' 'config'

rm "$CONFIG/config.json"
fails opx-authd --nonsense
[ -s "$ERR" ] || fail "no message"
fails opx-authd --ttl soon
stderr_has 'ttl'
fails opx-authd --ttl -1
stderr_has 'ttl'
fails opx-authd --backend onepass
stderr_has 'onepass'
fails env OP_AUTHD_BACKEND=onepass opx-authd
stderr_has 'OP_AUTHD_BACKEND'
fails env OP_AUTHD_SESSION_TIMEOUT=soon opx-authd
stderr_has 'OP_AUTHD_SESSION_TIMEOUT'
fails env OP_AUTHD_ENABLE_SESSION_LOCK=perhaps opx-authd
stderr_has 'OP_AUTHD_ENABLE_SESSION_LOCK'
fails opx-authd --config no-such-file.json
stderr_has 'no-such-file\.json'
