# needs root
# needs linux
# Whoever restarts a daemon with nothing but HOME and PATH, as cron does, leaves the next one where the login session's clients look.
login=/run/user/$MY_UID
mkdir -p /run/user
mkdir -m 0700 "$login"
chown "$MY_UID:$MY_UID" "$login"
AT_END="rm -rf $login"
as_me mkdir -p -m 700 "$CONFIG"
printf '{"backend":"fake"}' | as_me tee "$CONFIG/config.json" >/dev/null
unset OP_AUTHD_BACKEND
session() { as_me env -i HOME="$HOME" PATH="$PATH" XDG_RUNTIME_DIR="$login" "$@"; }
bare() { as_me env -i HOME="$HOME" PATH="$PATH" "$@"; }
session "$SCRATCH/bin/opx-authd" --ttl 77 2>"$SCRATCH/daemon.log" &
wait_for session env OPX_AUTOSTART=0 opx status
first=$(daemon_pid)

expect 0 bare opx daemon restart
stdout_has "^opx-authd stopped \(process $first\)$"
one_daemon
[ "$(daemon_pid)" != "$first" ] || fail "it was not restarted"
missing "$DATA/socket.sock"
expect 0 session opx status --json
stdout_has "\"socket_path\":\"$login/op-authd/socket.sock\""
stdout_has '"ttl_seconds":77,'
expect 0 session opx read op://v/i/f
expect 0 bare opx read op://v/i/f
one_daemon

# Those who read meanwhile, whatever they know, wait for it, and nobody starts another one.
for who in session bare; do
    while [ ! -e "$SCRATCH/enough" ]; do "$who" opx read op://v/i/f || echo "exit $?"; done >"$SCRATCH/reader.$who" 2>&1 &
    HELPERS="${HELPERS-} $!"
done
for _ in 1 2 3 4 5 6; do
    expect 0 bare opx daemon restart
    one_daemon
done
: >"$SCRATCH/enough"
for who in session bare; do
    wait_for test -s "$SCRATCH/reader.$who"
    is "$(sort -u "$SCRATCH/reader.$who")" "$(fake op://v/i/f)"
done

# Who has another home would start one that the login session cannot talk to.
as_me mkdir -m 700 "$HOME/other"
first=$(daemon_pid)
expect 6 as_me env -i HOME="$HOME/other" PATH="$PATH" opx daemon restart
one_error "of the login session .*HOME"
is "$(daemon_pid)" "$first"
expect 0 bare opx daemon stop
wait_for no_daemon
