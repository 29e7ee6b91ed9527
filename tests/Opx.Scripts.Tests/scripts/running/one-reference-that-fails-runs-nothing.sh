use_op
put op://v/i/good SECRET
expect 4 opx run --env GOOD=op://v/i/good --env BAD=op://v/i/bad -- touch ran
stdout_empty
stderr_has 'op://v/i/bad'
stderr_lacks SECRET
missing ran
