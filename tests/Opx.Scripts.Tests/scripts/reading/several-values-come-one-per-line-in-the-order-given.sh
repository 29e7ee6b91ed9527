# As one batch: the counter of backend batches goes up by one.
start_daemon
printf '%s\n%s\n%s\n' "$(fake op://v/i/c)" "$(fake op://v/i/a)" "$(fake op://v/i/b)" >want
expect 0 opx read op://v/i/c op://v/i/a op://v/i/b
same want "$OUT"
stderr_empty
is "$(counter batches)" 1

# The same reference twice is printed twice.
printf '%s\n%s\n' "$(fake op://v/i/a)" "$(fake op://v/i/a)" >want
expect 0 opx read op://v/i/a op://v/i/a
same want "$OUT"
