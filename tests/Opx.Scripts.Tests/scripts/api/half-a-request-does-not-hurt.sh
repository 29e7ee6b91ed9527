# Requests that end in the middle, and garbage instead of HTTP, close their own connection and no more.
start_daemon
token=$(cat "$DATA/token")
speak() { timeout 5 openssl s_client -quiet -unix "$SOCKET" -CAfile "$DATA/tls.crt" >"$OUT" 2>"$ERR" || true; }
printf 'GARBAGE\r\n\r\n' | speak
printf 'POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: %s\r\nContent-Length: 100\r\n\r\n{"ref"' "$token" | speak
printf 'POST /v1/read HTTP/1.1\r\nHost: unix\r\nX-OpAuthd-Token: %s\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' "$token" | speak
stdout_lacks 'HTTP/1.1 200'
{ printf 'GET /v1/status HTTP/1.1\r\nHost: unix\r\nX: '; head -c 100000 /dev/zero | tr '\0' a; printf '\r\n\r\n'; } | speak
stdout_lacks 'HTTP/1.1 200'
# Not even TLS.
printf 'GET /v1/status HTTP/1.1\r\n\r\n' | curl -s --max-time 3 --unix-socket "$SOCKET" http://unix/v1/status >"$OUT" 2>&1 || true
stdout_lacks 'backend'
prints "$(fake op://v/i/f)" opx read op://v/i/f
one_daemon
