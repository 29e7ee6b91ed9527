# Pitfall 38: the runtime ignores SIGPIPE; the command must not inherit that. With it ignored `yes` would write an error.
start_daemon
expect 0 opx run --env T=op://v/i/f -- sh -c 'yes | head -1'
stdout_is y
stderr_empty
expect 0 sh -c '{ opx run --env T=op://v/i/f -- yes; echo "yes ended with $?" >&2; } | head -1'
stdout_is y
stderr_has '^yes ended with 141$'
