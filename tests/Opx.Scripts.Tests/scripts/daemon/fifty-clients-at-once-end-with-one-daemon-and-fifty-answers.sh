# seconds: 90
# Pitfalls 19 and 20: nobody steals the socket from the daemon that came first.
want=$(fake op://Work/api/token)
i=0
pids=
while [ "$i" -lt 50 ]; do
    i=$((i + 1))
    opx read op://Work/api/token >"out.$i" 2>"err.$i" &
    pids="$pids $!"
done
for pid in $pids; do wait "$pid" || fail "a client failed: $(cat err.*)"; done
i=0
while [ "$i" -lt 50 ]; do
    i=$((i + 1))
    is "$(cat "out.$i")" "$want"
    is "$(cat "err.$i")" ""
done
one_daemon
prints "$want" opx read op://Work/api/token
one_daemon
