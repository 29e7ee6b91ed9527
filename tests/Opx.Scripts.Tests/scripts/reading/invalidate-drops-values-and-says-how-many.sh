use_op
put op://v/i/a 1
put op://v/i/b 2
put op://v/i/c 3
expect 0 opx read op://v/i/a op://v/i/b op://v/i/c
expect 0 opx invalidate op://v/i/a op://v/i/none
stdout_has '(^|[^0-9])1([^0-9]|$)'
expect 0 opx invalidate --all
stdout_has '(^|[^0-9])2([^0-9]|$)'
put op://v/i/a one
prints one opx read op://v/i/a
