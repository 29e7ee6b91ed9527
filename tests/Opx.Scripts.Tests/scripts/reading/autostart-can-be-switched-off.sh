export OPX_AUTOSTART=0
expect 6 opx read op://Work/api/token
one_error 'daemon'
no_daemon || fail "a daemon was started"
