no() { expect 2 opx "$@"; stdout_empty; [ -s "$ERR" ] || fail "no message"; }
no read
no nonsense
no read --nonsense op://v/i/f
no resolve
no resolve 1X=op://v/i/f
no resolve 'X Y=op://v/i/f'
no resolve '=op://v/i/f'
no resolve --format nonsense X=op://v/i/f
no run
no run --env 'A-B=op://v/i/f' -- true
no invalidate
no_daemon || fail "a usage error started a daemon"
