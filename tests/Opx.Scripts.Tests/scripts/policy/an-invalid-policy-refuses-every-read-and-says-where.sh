start_daemon
expect 0 opx read op://v/i/f
policy '{
  "allow": [
    { "refs": ["op://v/i/f"], "pth": "/usr/bin/kubectl" }
  ]
}'
expect 3 opx read op://v/i/f
one_error "$CONFIG/policy.json:3: .*pth"
expect 0 opx status
stdout_has "policy +INVALID.*$CONFIG/policy.json:3: "
stop_daemon
# A daemon that starts with it refuses as well.
start_daemon
expect 3 opx read op://v/i/f
one_error "$CONFIG/policy.json:3: "
grep -q "policy.json:3: " "$SCRATCH/daemon.log" || fail "the log does not say so"
