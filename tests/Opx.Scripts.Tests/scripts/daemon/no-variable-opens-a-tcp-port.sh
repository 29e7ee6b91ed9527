# needs linux
# Pitfall 33: the empty host builder obeys no variable and no settings file.
export Kestrel__Endpoints__x__Url=http://127.0.0.1:5999 ASPNETCORE_URLS=http://127.0.0.1:5998 DOTNET_URLS=http://127.0.0.1:5997 URLS=http://127.0.0.1:5996 ASPNETCORE_HTTP_PORTS=5995
echo '{"Kestrel":{"Endpoints":{"x":{"Url":"http://127.0.0.1:5994"}}},"urls":"http://127.0.0.1:5993"}' >appsettings.json
cp appsettings.json "$SCRATCH/bin/" 2>/dev/null || true
start_daemon
for port in 5999 5998 5997 5996 5995 5994 5993; do
    if curl -s --max-time 2 "http://127.0.0.1:$port/" >/dev/null; then fail "port $port answers"; fi
done
# State 0A is LISTEN; the eighth column is the user.
if [ "$OWN_UID" = yes ] && cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v me="$MY_UID" '$4 == "0A" && $8 == me { found = 1 } END { exit !found }'; then
    fail "a TCP port is open"
fi
