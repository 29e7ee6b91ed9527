use_op
put op://v/i/f old
prints old opx read op://v/i/f
put op://v/i/f new
prints old opx read op://v/i/f
prints new opx read --fresh op://v/i/f
prints new opx read op://v/i/f
is "$(op_calls read)" 2
