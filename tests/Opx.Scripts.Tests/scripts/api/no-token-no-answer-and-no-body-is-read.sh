start_daemon
refused() { problem 401 unauthorized; body_lacks "$(cat "$DATA/token")"; }
anonymous GET /v1/status
refused
anonymous GET /v1/status -H 'X-OpAuthd-Token: '
refused
anonymous GET /v1/status -H "X-OpAuthd-Token: $(head -c 63 "$DATA/token")"
refused
anonymous GET /v1/status -H "X-OpAuthd-Token: $(cat "$DATA/token")0"
refused
anonymous GET /v1/status -H "X-OpAuthd-Token: $(tr a-f A-F <"$DATA/token" | tr 0-9 1-90)"
refused
anonymous GET /v1/nothing/here
refused
anonymous POST /v1/read -d '{ this is not json'
refused

# A body is announced and never sent: the answer comes at once all the same.
before=$(now_ms)
anonymous POST /v1/read -H 'Content-Length: 500000' --max-time 10
refused
at_most $(($(now_ms) - before)) 3000

# The header's name in any case.
anonymous GET /v1/status -H "x-opauthd-TOKEN: $(cat "$DATA/token")"
answers 200
