# seconds: 120
# Pitfall 28: a 403 leads to one new login for all who wait, and each of them gets its value.
use_op
use_vault
rule app 'secret/data/*' read
user me p4ss-word-2 app
put op://Work/vault/username me
put op://Work/vault/password p4ss-word-2
i=0
while [ "$i" -lt 20 ]; do
    i=$((i + 1))
    secret "p$i" "{\"k\":\"value-$i\"}"
done
start_daemon --ttl 0
expect 0 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
prints value-1 opx read 'vault://secret/p1#k'
was_asked logins 1

is "$(ask kill-tokens)" 1
# Slow enough that all of them are under way when the first one hears of it.
ask 'fault?kind=slow&path=secret/&seconds=0.3&times=20'
i=0
pids=
while [ "$i" -lt 20 ]; do
    i=$((i + 1))
    opx read "vault://secret/p$i#k" >"out.$i" 2>&1 &
    pids="$pids $!"
done
for pid in $pids; do wait "$pid" || fail "a reader got nothing: $(cat out.* | sort | uniq -c)"; done
i=0
while [ "$i" -lt 20 ]; do
    i=$((i + 1))
    is "$(cat "out.$i")" "value-$i"
done
was_asked logins 2
nowhere p4ss-word-2
