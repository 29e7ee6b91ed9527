mkdir -p "$CONFIG"
echo '{"nonsense": 1}' >"$CONFIG/config.json"
fails opx read op://v/i/f
one_error 'nonsense'
no_daemon || fail "a daemon runs on half a configuration"

export OPX_AUTHD_PATH=/no/such/opx-authd
expect 6 opx read op://v/i/f
one_error '/no/such/opx-authd'
