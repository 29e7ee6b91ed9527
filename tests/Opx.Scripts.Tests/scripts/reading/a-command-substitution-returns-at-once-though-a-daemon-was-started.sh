# The started daemon holds neither end of the pipe that the shell reads (pitfall 18).
no_daemon || fail "a daemon runs already"
before=$(now_ms)
X=$(opx read op://Work/api/token)
took=$(($(now_ms) - before))
is "$X" "$(fake op://Work/api/token)"
one_daemon
echo "the first read took $took ms"
at_most "$took" 5000

# Both streams, through a pipe, and with a daemon running.
is "$(opx read op://Work/api/token 2>&1 | cat)" "$X"
