# Pitfall 23: five hundred wrong tokens, and the status and what is cached still answer.
start_daemon
api POST /v1/read -d '{"ref":"op://v/i/f"}'
curl -s --unix-socket "$SOCKET" --cacert "$DATA/tls.crt" -H 'Host: unix' -H 'X-OpAuthd-Token: wrong' -o /dev/null -w '%{http_code}\n' \
    'https://op-authd-local/v1/status?[1-500]' | sort | uniq -c >codes
if grep -vE ' (401|429)$' codes; then fail "another answer to a wrong token"; fi
grep -q ' 401$' codes || fail "no 401: $(cat codes)"
api GET /v1/status
answers 200
api POST /v1/read -d '{"ref":"op://v/i/f"}'
answers 200
body_has '"from_cache":true'
prints "$(fake op://v/i/f)" opx read op://v/i/f
