mkdir -p "$CONFIG"
unset OP_AUTHD_BACKEND
echo '{"backend": "vault"}' >"$CONFIG/config.json"
chmod 600 "$CONFIG/config.json"
backend() { expect 0 opx status --json; stdout_has "\"backend\":\"$1\""; }

start_daemon
backend vault
stop_daemon
export OP_AUTHD_BACKEND=multi
start_daemon
backend multi
stop_daemon
start_daemon --backend fake
backend fake
stop_daemon

# An empty variable counts as unset.
export OP_AUTHD_BACKEND=
start_daemon
backend vault
stop_daemon
