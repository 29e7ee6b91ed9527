fails env XDG_DATA_HOME=relative opx read op://v/i/f
one_error 'XDG_DATA_HOME'
fails env XDG_RUNTIME_DIR=./here opx read op://v/i/f
one_error 'XDG_RUNTIME_DIR'
fails env XDG_CONFIG_HOME=$HOME/../x opx read op://v/i/f
one_error 'XDG_CONFIG_HOME'
fails env XDG_DATA_HOME=relative opx-authd
stderr_has 'XDG_DATA_HOME'
no_daemon || fail "a daemon runs"
