use_op
put op://v/i/f 1
start_daemon --ttl 0
prints 1 opx read op://v/i/f
put op://v/i/f 2
prints 2 opx read op://v/i/f
is "$(counter cache_size)" 0
