expect 0 opx run -- echo fine
stdout_is fine
stderr_empty
no_daemon || fail "a daemon was started for nothing"
