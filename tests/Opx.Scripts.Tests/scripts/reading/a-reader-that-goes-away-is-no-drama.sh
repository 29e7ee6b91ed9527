# `opx read … | head -c 0`: no stack trace, no core, and the daemon stays.
start_daemon
opx read op://v/i/a 2>"$ERR" | head -c 0
stderr_lacks 'Unhandled|   at '
opx completion bash 2>"$ERR" | head -n 1 >/dev/null
stderr_lacks 'Unhandled|   at '
one_daemon
