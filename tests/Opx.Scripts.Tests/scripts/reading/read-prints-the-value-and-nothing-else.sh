# `opx read REF` prints the value, one newline, and not a word more; it starts the daemon that it needs.
prints "$(fake op://Work/api/token)" opx read op://Work/api/token
one_daemon
prints "$(fake op://Work/api/token)" opx read op://Work/api/token
one_daemon
