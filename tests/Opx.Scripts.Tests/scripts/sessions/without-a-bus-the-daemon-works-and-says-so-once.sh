# needs linux
DBUS_SYSTEM_BUS_ADDRESS=unix:path=$SCRATCH/no-such-bus start_daemon --lock-with-desktop
said() { grep -q 'does not lock with the desktop' "$SCRATCH/daemon.log"; }
wait_for said
prints "$(fake op://v/i/f)" opx read op://v/i/f
stop_daemon
is "$(grep -c 'does not lock with the desktop' "$SCRATCH/daemon.log")" 1
