# needs root
# needs linux
# needs program mkfs.ext4
# seconds: 90
# What a kernel does to a disk with errors, under a running daemon with its audit log open: from one write to the next nothing can be written. Reads are
# refused with the reason, what needs no record goes on, and when the disk is well again so is the service, with a log that is intact.
dd if=/dev/zero of="$SCRATCH/disk" bs=1M count=16 2>/dev/null
mkfs.ext4 -q "$SCRATCH/disk"
mount_it() { mount -o loop,errors=remount-ro "$SCRATCH/disk" "$HOME"; }
mount_it 2>/dev/null || not_run "no loop device can be mounted here"
AT_END='for pid in $(processes opx-authd); do kill -KILL "$pid"; done; wait_for no_daemon; umount "$HOME"'
broken() { echo "broken by a test" >"/sys/fs/ext4/$(findmnt -no SOURCE "$HOME" | sed 's,.*/,,')/trigger_fs_error"; }
[ -e "/sys/fs/ext4/$(findmnt -no SOURCE "$HOME" | sed 's,.*/,,')/trigger_fs_error" ] || not_run "this kernel breaks no file system on demand"
chown "$MY_UID:$MY_UID" "$HOME"
chmod 700 "$HOME"
AS_ME=as_me
settings '{"backend":"fake","enable_audit_log":true}'
chown -R "$MY_UID:$MY_UID" "$HOME/.config"
round=0
while [ "$round" -lt "$CHAOS" ]; do
    round=$((round + 5))
    usual
    daemon=$(daemon_pid)
    number=0
    while [ "$number" -lt 20 ]; do
        number=$((number + 1))
        prints "$(fake "op://v/r$round/n$number")" as_me opx read "op://v/r$round/n$number"
    done
    # What the kernel has not written yet is lost with the disk, and no concern of ours: a record is in the file, and on the disk within a minute.
    sync -f "$HOME"
    broken
    for again in 1 2 3; do
        expect 1 as_me opx read "op://v/r$round/late"
        one_error 'reads are refused, because the audit log in .* cannot be written'
    done
    expect 0 as_me opx status
    fails as_me opx policy add --yes --path /bin/true --ref 'op://v/*'
    is "$(daemon_pid)" "$daemon"
    expect 0 as_me opx daemon stop
    fails as_me opx read op://v/i0/f
    one_error 'ead-only'
    umount "$HOME"
    e2fsck -fy "$SCRATCH/disk" >"$SCRATCH/e2fsck" 2>&1 || [ "$?" -le 1 ] || fail "$(cat "$SCRATCH/e2fsck")"
    mount_it
    back
    one_daemon
    # Each that was answered is in the log, and none that was not.
    is "$(grep -ho "\"reference\":\"op://v/r$round/[^\"]*\"" "$HOME"/.local/share/op-authd/audit-*.log | sort -u | wc -l | tr -d ' ')" 20
    expect 0 as_me opx audit verify
    stdout_has 'the audit log is intact'
done
expect 0 as_me opx daemon stop
