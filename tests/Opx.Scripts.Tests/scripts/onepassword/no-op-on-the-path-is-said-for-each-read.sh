# Pitfall 9: never another backend's value.
export OP_AUTHD_BACKEND=opcli
PATH=$SCRATCH/bin:/nowhere:$PATH
if command -v op >/dev/null; then fail "this machine has an op of its own on $PATH"; fi
expect 6 opx read op://v/i/f
one_error '(^|[^a-z])op([^a-z]|$)'
stderr_lacks 'fake_'
api POST /v1/read -d '{"ref":"op://v/i/f"}'
problem 503 backend_unavailable
body_lacks 'fake_'
