# Pitfall 8. Every failure is named on stderr, and the exit code is the first failure's in the order given.
use_op
put op://v/i/one first
put op://v/i/two second
mkdir -p "$OP/values/v/i"
printf 'More than one item matches "i". Try again and specify the item by its ID' >"$OP/values/v/i/twice.error"

expect 4 opx read op://v/i/one op://v/i/missing op://v/i/two
stdout_empty
stderr_has '^opx: .*op://v/i/missing'
stderr_lacks 'first|second'

expect 2 opx read op://v/i/one op://v/../x op://v/i/missing
stdout_empty
stderr_has '\.\.'

expect 4 opx read op://v/i/twice op://v/i/missing op://v/i/one
stdout_empty
stderr_has 'op://v/i/twice'
stderr_has 'op://v/i/missing'
is "$(wc -l <"$ERR" | tr -d ' ')" 2
