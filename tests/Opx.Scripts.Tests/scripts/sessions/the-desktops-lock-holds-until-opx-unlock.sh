# needs linux
# logind's signals on a bus of our own: Lock of a session, and the machine about to sleep. Off unless asked for.
command -v dbus-daemon >/dev/null && command -v gdbus >/dev/null || not_run "dbus-daemon or gdbus is not installed"
# Anonymous, because the user that scripts run as has no name, and this bus wants to know the names of those it knows.
cat >"$SCRATCH/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=$SCRATCH/bus</listen><auth>ANONYMOUS</auth><allow_anonymous/>
<policy context="default"><allow user="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
CONF
dbus-daemon --config-file="$SCRATCH/bus.conf" --nofork --nopidfile >"$SCRATCH/bus.log" 2>&1 &
HELPERS=$!
wait_for test -S "$SCRATCH/bus"
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$SCRATCH/bus"
mkfifo "$SCRATCH/asked"
tool logind "$SCRATCH/bus" "$SCRATCH/asked"
named() { gdbus call --system --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus --method org.freedesktop.DBus.NameHasOwner org.freedesktop.login1 | grep -q true; }
wait_for named
use_op
put op://v/i/f 1

state_is() { opx status --json | grep -q "\"state\":\"$1\""; }
watches() { processes gdbus | grep -q .; }
signal() { printf '%s\n' "$1" >"$SCRATCH/asked"; }
# The monitor may not listen yet when it has begun to run: signalled until it counts.
locks() { signal "$1"; state_is locked; }

start_daemon --lock-with-desktop --enable-audit-log
wait_for watches
prints 1 opx read op://v/i/f
wait_for locks 'lock /org/freedesktop/login1/session/_31'
expect 5 opx read op://v/i/f
one_error 'with the desktop.*opx unlock'
expect 0 opx unlock
prints 1 opx read op://v/i/f
wait_for locks sleep
expect 5 opx read op://v/i/f
expect 0 opx unlock
grep -q 'the desktop was locked' "$DATA"/audit-*.log || fail "no record of it"

# It outlives the daemon as a person's does.
wait_for locks sleep
stop_daemon
start_daemon --lock-with-desktop --enable-audit-log
expect 5 opx read op://v/i/f
expect 0 opx unlock

# A monitor that ends is started again, and the status knows of it.
follows() { opx status --json | grep -q "\"follows_desktop\":$1"; }
wait_for follows true
# shellcheck disable=SC2046 # one number
kill $(processes gdbus)
wait_for follows false
wait_for follows true
prints 1 opx read op://v/i/f
wait_for locks 'lock /org/freedesktop/login1/session/_31'
expect 0 opx unlock

# The monitor goes away with the daemon, however that ends.
not_watched() { ! watches; }
stop_daemon
wait_for not_watched
start_daemon --lock-with-desktop
wait_for watches
kill -KILL "$DAEMON"
wait "$DAEMON" || true
wait_for not_watched

start_daemon
prints 1 opx read op://v/i/f
signal 'lock /org/freedesktop/login1/session/_31'
signal sleep
prints 1 opx read op://v/i/f
if watches; then fail "it watches though nobody asked for it"; fi
stop_daemon
