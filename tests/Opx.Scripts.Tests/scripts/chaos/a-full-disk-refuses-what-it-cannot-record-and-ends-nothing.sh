# needs root
# needs linux
# seconds: 90
# The home on a disk of its own that fills up, with the audit log and the daemon's own messages on it.
mount -t tmpfs -o "size=600k,mode=0700,uid=$MY_UID,gid=$MY_UID" tmpfs "$HOME" || not_run "no file system can be mounted here"
AT_END='for pid in $(processes opx-authd); do kill -KILL "$pid"; done; wait_for no_daemon; umount -l "$HOME"'
settings '{"backend":"fake","enable_audit_log":true}'
chown -R "$MY_UID:$MY_UID" "$HOME/.config"
AS_ME=as_me
usual
one_daemon
daemon=$(daemon_pid)
round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 1))
    as_me dd if=/dev/zero of="$HOME/fill" bs=512 2>/dev/null || true
    number=0
    while as_me opx read "op://v/i$number/r$round" >"$OUT" 2>"$ERR"; do
        number=$((number + 1))
        [ "$number" -lt 100 ] || fail "the disk is not full"
    done
    # More than once: the first refusal is also said in the daemon's log, for which there is no room either.
    for again in 1 2 3; do
        expect 1 as_me opx read op://v/i0/f
        one_error 'reads are refused, because the audit log in .* cannot be written'
    done
    fails as_me opx read -o "$HOME/value" op://v/i0/f
    missing "$HOME/value"
    is "$(daemon_pid)" "$daemon"
    rm "$HOME/fill"
    back
done
expect 0 as_me opx audit verify
stdout_has 'the audit log is intact'

# A daemon can be started while it is full: it refuses, and needs nobody afterwards.
as_me dd if=/dev/zero of="$HOME/fill" bs=512 2>/dev/null || true
expect 0 as_me opx daemon restart
fails as_me opx read op://v/i0/f
stdout_empty
rm "$HOME/fill"
back
expect 0 as_me opx audit verify
find "$HOME" -name '*.tmp' >left
same /dev/null left
expect 0 as_me opx daemon stop
