# needs linux
# needs program strace
# Whoever debugs the allowed program, or the opx that it starts, could make it ask and read along: neither is taken for what it runs.
program "$PWD/allowed"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
prints "$(fake op://v/i/f)" ./allowed -c 'opx read op://v/i/f; exit $?'
# The tracer above the program, then one that hides beside opx (-D: the child traces the parent).
expect 3 strace -f -o trace ./allowed -c 'opx read op://v/i/f; exit $?'
one_error 'runs under a debugger'
expect 3 ./allowed -c 'strace -D -o trace opx read op://v/i/f; exit $?'
one_error 'runs under a debugger'
if grep -q "$(fake op://v/i/f)" trace; then fail "the trace has the value"; fi
prints "$(fake op://v/i/f)" ./allowed -c 'opx read op://v/i/f; exit $?'
