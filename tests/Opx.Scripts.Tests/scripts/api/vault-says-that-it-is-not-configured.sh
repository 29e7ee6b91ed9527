# Pitfall 9's kin: a backend that cannot work says so for each read; no other one answers in its place.
use_op
put op://v/i/f value
export OP_AUTHD_BACKEND=multi
start_daemon
expect 6 opx read vault://secret/app#key
one_error 'configured'
stderr_has '[Vv]ault|[Bb]ao'
prints value opx read op://v/i/f
api POST /v1/read -d '{"ref":"vault://secret/app#key"}'
problem 503 backend_unavailable
