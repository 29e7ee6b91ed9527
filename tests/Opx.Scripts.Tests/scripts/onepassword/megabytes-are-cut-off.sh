# 64 MiB from op: an error (a value over the limit is too_large), and the daemon has not swallowed them.
use_op
put op://v/i/f value
echo 'megabytes 64' >"$OP/mode"
start_daemon
expect 2 opx read op://v/i/f
stdout_empty
stderr_has '^opx: '
if [ -r "/proc/$DAEMON/status" ]; then at_most "$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$DAEMON/status")" 120000; fi
echo ok >"$OP/mode"
prints value opx read --fresh op://v/i/f
