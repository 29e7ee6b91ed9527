XDG_DATA_HOME=relative fails opx read op://v/i/f
one_error 'XDG_DATA_HOME'
XDG_RUNTIME_DIR=./here fails opx read op://v/i/f
one_error 'XDG_RUNTIME_DIR'
XDG_CONFIG_HOME=$HOME/../x fails opx read op://v/i/f
one_error 'XDG_CONFIG_HOME'
XDG_DATA_HOME=relative fails opx-authd
stderr_has 'XDG_DATA_HOME'
no_daemon || fail "a daemon runs"
