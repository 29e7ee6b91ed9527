# needs root
# needs linux
# What a disk with errors becomes. A daemon that runs goes on; one that has to be started says why it cannot, and can be when the disk is well.
mount -t tmpfs -o "size=8m,mode=0700,uid=$MY_UID,gid=$MY_UID" tmpfs "$HOME" || not_run "no file system can be mounted here"
AT_END='for pid in $(processes opx-authd); do kill -KILL "$pid"; done; wait_for no_daemon; umount -l "$HOME"'
AS_ME=as_me
as_me "$SCRATCH/bin/opx-authd" --disk-cache 2>"$SCRATCH/daemon.log" &
wait_for as_me opx status
usual
mount -o remount,ro "$HOME" || not_run "it cannot be remounted"
for number in 1 2 3; do
    prints "$(fake "op://v/i$number/f")" as_me opx read "op://v/i$number/f"
done
expect 0 as_me opx invalidate --all
prints "$(fake op://v/i1/f)" as_me opx read op://v/i1/f
fails as_me opx policy add --yes --path /bin/true --ref 'op://v/*'
one_daemon
expect 0 as_me opx daemon stop
fails as_me opx read op://v/i0/f
one_error 'ead-only'
mount -o remount,rw "$HOME"
back
one_daemon
expect 0 as_me opx daemon stop
