# needs linux
# seconds: 120
# A password that is on its way while the session is locked: the login ends, and nothing of it is left when 'opx lock' is.
use_vault
user me "$(canary 2)" default
printf 'me\n%s\n' "$(canary 2)" >"$SCRATCH/typed"
ask 'fault?kind=hang&path=auth/userpass/'
watched_daemon
opx login vault --method=userpass <"$SCRATCH/typed" >"$SCRATCH/out" 2>"$SCRATCH/err" &
login=$!
begun() { ask requests | grep -q userpass; }
wait_for begun
holds 1
expect 0 opx lock
clean
code=0
wait "$login" || code=$?
is "$code" 5
grep -q 'locked by hand' "$SCRATCH/err"
expect 5 opx login vault --method=userpass <"$SCRATCH/typed"
one_error 'locked by hand'
clean
nowhere "$(canary 2)"
stop_watched
