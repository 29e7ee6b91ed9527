# needs linux
# On a real terminal: all three streams are it, its modes are as before, and the process group in front is the command's.
start_daemon
cat >look <<'END'
test -t 0 && test -t 1 && test -t 2 && echo three
stty -a | tr -d '\r' | grep -oE '(^| )-?(icanon|echo|isig|opost|icrnl|onlcr)' | tr -d '\n'; echo
END
script -qec 'sh look' /dev/null </dev/null | tr -d '\r' >plain
script -qec 'opx run --env T=op://v/i/f -- sh look' /dev/null </dev/null | tr -d '\r' >through
grep -q three plain || fail "no terminal here"
same plain through

# The blocking flag of a shared standard stream is not left changed behind.
script -qec 'opx read op://v/i/f; sh -c "stty -a >/dev/null && echo fine"' /dev/null </dev/null >"$OUT"
stdout_has fine
