start_daemon
sh -c 'trap "" HUP; exec opx run --env T=op://v/i/f -- sh -c "kill -HUP \$\$; echo alive"' >"$OUT" 2>"$ERR"
stdout_is alive
stderr_empty
