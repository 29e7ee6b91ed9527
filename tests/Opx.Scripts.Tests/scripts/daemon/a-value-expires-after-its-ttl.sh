# Pitfall 34: gone from the cache when its time is over, whether or not somebody asks for it.
use_op
put op://v/i/f 1
start_daemon --ttl 1
prints 1 opx read op://v/i/f
put op://v/i/f 2
cache_is_empty() { [ "$(counter cache_size)" = 0 ]; }
wait_for cache_is_empty
prints 2 opx read op://v/i/f
