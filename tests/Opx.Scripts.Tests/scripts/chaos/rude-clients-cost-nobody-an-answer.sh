# needs linux
# Two thousand connections of which 1,900 say nothing, and clients that stall, send a byte a second, close half, cut the handshake, pipeline, talk
# nonsense, never read, guess tokens and vanish: who asks politely meanwhile gets each value, and what policy refuses nobody gets.
program "$PWD/allowed"
start_daemon
policy "{\"allow\":[{\"path\":\"$PWD/allowed\",\"refs\":[\"op://v/private/f\"]}]}"
refs() { echo op://v/private/f; i=0; while [ "$i" -lt 20 ]; do echo "op://v/i$i/f"; i=$((i + 1)); done; }
tool connect "$SOCKET" 1900 >open 2>&1
wait_for grep -q '1900 open' open
# shellcheck disable=SC2046 # words
callers 40 $(refs)
# shellcheck disable=SC2046 # words
rude 60 $(refs)
sleep $((3 * CHAOS))
usual
reads ./allowed op://v/private/f
end_callers
no_errors
[ "$(heard refused)" -gt 0 ] || fail "nobody asked for what is refused"
# All of them gone, nothing of them is left.
for pid in $HELPERS; do kill -TERM "$pid" 2>/dev/null || true; done
wait_for idle
back
stop_daemon
