start_daemon
expect 0 opx read -n op://Work/api/token
stdout_is_exactly "$(fake op://Work/api/token)"
stderr_empty
