# needs linux
# seconds: 90
# ENOMEM, EAGAIN and EFBIG by the kernel's own limits. .NET ends a process that cannot have a thread or memory it must have: then the next client starts another.
settings '{"backend":"fake","enable_audit_log":true}'
usual
refs='op://v/i0/f op://v/i1/f op://v/i2/f op://v/i3/f op://v/i4/f op://v/i5/f op://v/i6/f'
# shellcheck disable=SC2086 # words
callers 8 $refs
round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 1))
    for limit in nproc as data fsize; do
        daemon=$(daemon_pid)
        case $limit in
        nproc | fsize) at=1 ;;
        as) at=$(awk '/^VmSize/ { printf "%d", $2 * 1024 }' "/proc/$daemon/status") ;;
        data) at=$(awk '/^VmData/ { printf "%d", $2 * 1024 }' "/proc/$daemon/status") ;;
        esac
        hard=$(prlimit --pid "$daemon" "--$limit" --noheadings --raw -o HARD)
        prlimit --pid "$daemon" "--$limit=$at:"
        tool connect "$SOCKET" 200 >"$SCRATCH/open" 2>&1
        many=$TOOL
        # shellcheck disable=SC2046 # words
        opx resolve $(seq 1 500 | sed "s,.*,V&=op://v/many/&,") >"$OUT" 2>"$ERR" || true
        opx invalidate --all >/dev/null 2>&1 || true
        sleep 0.3
        # Whoever found the daemon gone already was refused, and is gone too.
        kill "$many" 2>/dev/null || true
        if alive "$daemon"; then prlimit --pid "$daemon" "--$limit=$hard:" || true; fi
        back
        quiet_from_here
    done
done
end_callers
one_daemon
expect 0 opx audit verify
stdout_has 'the audit log is intact'
