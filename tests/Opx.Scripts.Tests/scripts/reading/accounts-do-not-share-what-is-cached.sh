# Pitfall 15: the account is part of the cache's key.
start_daemon
prints "$(fake op://Work/api/token)" opx read op://Work/api/token
prints "$(fake op://Work/api/token --account=one)" opx read --account=one op://Work/api/token
prints "$(fake op://Work/api/token --account=two)" opx read --account=two op://Work/api/token
prints "$(fake op://Work/api/token)" opx read op://Work/api/token
is "$(counter cache_size)" 3

# One reference dropped is every account's copy dropped.
expect 0 opx invalidate op://Work/api/token
is "$(counter cache_size)" 0
