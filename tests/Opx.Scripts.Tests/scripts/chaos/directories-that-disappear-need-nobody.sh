# seconds: 90
# The data directory away and back: who asks meanwhile is told what is missing. The runtime directory gone for good, as with a user's last login:
# the daemon that nobody finds any more stops, and lets go of the audit log for the next one.
settings '{"backend":"fake","enable_audit_log":true}'
usual
round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 1))
    first=$(daemon_pid)
    mv "$DATA" "$DATA.away"
    fails opx read op://v/i0/f
    stdout_empty
    mv "$DATA.away" "$DATA"
    back
    is "$(daemon_pid)" "$first"

    rm -r "$XDG_RUNTIME_DIR/op-authd"
    # Its log lock is let go of within a second or two; the next daemon waits for that and asks nobody.
    back 2000
    wait_for sh -c "! kill -0 $first 2>/dev/null"
    one_daemon
done
expect 0 opx audit verify
stdout_has 'the audit log is intact'

# The data directory removed for good, under a daemon: nothing is left by which it could be known, and who asks is told the one command.
rm -r "$DATA"
fails opx read op://v/i0/f
one_error 'opx daemon restart'
expect 0 opx daemon restart
back
one_daemon
# That a log was removed is what it says from then on.
expect 1 opx audit verify
stdout_has 'moved or removed by another program'
