program "$PWD/allowed"
program "$PWD/wrapper"
mkdir -p "$CONFIG"
chain='./wrapper -c "opx read op://v/i/f; exit \$?"; exit $?'
start_daemon
only "$PWD/allowed" 'op://v/i/f'
expect 3 ./allowed -c "$chain"
stop_daemon
# The wrapper stands for whoever runs it.
printf '{"trusted_clients":["%s"]}' "$PWD/wrapper" >"$CONFIG/config.json"
start_daemon
prints "$(fake op://v/i/f)" ./allowed -c "$chain"
refused ./wrapper op://v/i/f
stop_daemon
printf '{"trusted_clients":["wrapper"]}' >"$CONFIG/config.json"
expect 1 opx-authd
stderr_has "config.json, line 1: 'trusted_clients' must be a list of absolute paths"
