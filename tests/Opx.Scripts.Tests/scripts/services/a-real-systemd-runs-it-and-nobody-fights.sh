# needs root
# needs linux
# seconds: 180
# A systemd user manager of this script's own, in a mount namespace that looks as if systemd had booted the machine. Install, activation,
# restart, daemons started by hand, the strict set and the removal are the real thing.
if [ -z "${INSIDE-}" ]; then
    for manager in /lib/systemd/systemd /usr/lib/systemd/systemd; do [ ! -x "$manager" ] || break; done
    [ -x "$manager" ] || fail "systemd is not installed: apt-get install systemd"
    export INSIDE="$manager"
    trap - EXIT
    exec unshare -m sh -eu -c '. "$KIT/prelude.sh"; . "$SCRATCH/script.sh"'
fi
mount --make-rprivate /
[ -d /run/systemd/system ] || { mkdir -p /run/systemd; mount -t tmpfs tmpfs /run/systemd; mkdir /run/systemd/system; }
# A control group that is ours: version 2 alone, or the two that systemd uses beside version 1.
for group in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e "$group/cgroup.procs" ] || continue
    ours=$group/opx-script-$$
    mkdir "$ours" && chown "$MY_UID" "$ours" "$ours/cgroup.procs"
    echo "$ours" >>"$SCRATCH/groups"
done
sh -c 'while read -r group; do echo $$ >"$group/cgroup.procs"; done <"$1"
    exec setpriv --reuid="$MY_UID" --regid="$MY_UID" --clear-groups "$INSIDE" --user --log-target=console' sh "$SCRATCH/groups" \
    </dev/null >"$SCRATCH/systemd.log" 2>&1 &
MANAGER=$!
AT_END='if [ "$code" != 0 ]; then manager status --no-pager opx-authd.service opx-authd.socket || true; fi; kill $MANAGER 2>/dev/null; wait $MANAGER || true
    while read -r group; do find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true; done <"$SCRATCH/groups"'
manager() { as_me systemctl --user "$@"; }
wait_for manager is-system-running
daemon() { manager show -P MainPID opx-authd.service; }
status_of() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(daemon)/status"; }
read_one() { prints "$(fake op://v/i/f)" as_me opx read op://v/i/f; }

# 0. The very first read of a new home goes to systemd's socket: no certificate and no token is there before it.
expect 0 as_me opx service install
missing "$DATA/tls.crt"
read_one
expect 0 as_me opx service uninstall
wait_for no_daemon

# 1. The daemon that somebody started by hand makes place.
read_one
by_hand=$(daemon_pid)
expect 0 as_me opx service install
stdout_has "stopped the opx-authd that was started by hand \(process $by_hand\)"
stdout_has "wrote $HOME/.config/systemd/user/opx-authd.service"
[ "$(daemon_pid)" != "$by_hand" ] || fail "the daemon that was started by hand still runs"
expect 0 as_me opx service status
stdout_has 'listening: the first client starts the daemon'

# Who only looks is no client.
expect 6 as_me opx status
one_error 'systemd listens'
expect 0 as_me opx doctor
stdout_has 'systemd listens on'
expect 0 as_me opx policy list
expect 0 as_me opx daemon stop
stdout_has 'no opx-authd is running'
is "$(daemon)" 0
no_daemon || fail "a look has started a daemon"

# 2. The first client starts it; systemd holds the socket.
read_one
one_daemon
is "$(daemon_pid)" "$(daemon)"
expect 0 as_me opx service status --json
stdout_has '"supervisor":"systemd","installed":true,"enabled":true,"listening":true,"process_id":'"$(daemon)"
mode_is "$SOCKET" srw-------

# 3. What is in force: nothing that would take the set-gid group from op, and no core file.
is "NoNewPrivs $(status_of NoNewPrivs)" "NoNewPrivs 0"
is "Seccomp $(status_of Seccomp)" "Seccomp 0"
is "$(readlink "/proc/$(daemon)/ns/user")" "$(readlink /proc/self/ns/user)"
is "$(readlink "/proc/$(daemon)/ns/mnt")" "$(readlink /proc/self/ns/mnt)"
grep -q 'Max core file size *0 *0' "/proc/$(daemon)/limits" || fail "core files are allowed"

# 4. A second install changes nothing; a daemon by hand and 'opx daemon' leave the service alone.
expect 0 as_me opx service install
stdout_lacks '^wrote'
read_one
first=$(daemon)
expect 0 as_me opx daemon start
stdout_has 'already running'
as_me "$SCRATCH/bin/opx-authd" >"$SCRATCH/second.log" 2>&1 || true
grep -q 'another program listens\|one is running' "$SCRATCH/second.log" || fail "$(cat "$SCRATCH/second.log")"
read_one
is "$(daemon)" "$first"
expect 1 as_me opx daemon stop
one_error 'opx service stop'

# 5. A restart refuses nobody: forty reads go on meanwhile.
(
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40; do
        as_me opx read --fresh op://v/i/f || echo "exit $?"
    done >"$SCRATCH/meanwhile" 2>&1
) &
reader=$!
expect 0 as_me opx daemon restart
stdout_has 'its socket stayed open'
expect 0 as_me opx daemon restart
wait "$reader"
is "$(sort -u "$SCRATCH/meanwhile")" "$(fake op://v/i/f)"
[ "$(daemon)" != "$first" ] || fail "it was not restarted"

# 6. Stopped, a client starts one by hand; started, the service takes over.
expect 0 as_me opx service stop
wait_for no_daemon
expect 1 as_me opx service status
read_one
by_hand=$(daemon_pid)
expect 0 as_me opx service start
[ "$(daemon_pid)" != "$by_hand" ] || fail "the daemon that was started by hand still runs"
read_one
one_daemon
is "$(daemon_pid)" "$(daemon)"

# 7. The strict set, for Vault alone: it is in force, and the daemon works and knows who asks.
expect 0 as_me opx service install --strict
stdout_has 'vault-only.conf'
read_one
is "NoNewPrivs $(status_of NoNewPrivs)" "NoNewPrivs 1"
is "Seccomp $(status_of Seccomp)" "Seccomp 2"
program "$SCRATCH/work/allowed"
program "$SCRATCH/work/other"
chmod 0755 "$SCRATCH/work/allowed" "$SCRATCH/work/other"
only "$SCRATCH/work/allowed" 'op://v/*'
chown -R "$MY_UID:$MY_UID" "$CONFIG"
prints "$(fake op://v/i/f)" as_me "$SCRATCH/work/allowed" -c 'opx read op://v/i/f; exit $?'
expect 3 as_me "$SCRATCH/work/other" -c 'opx read op://v/i/f; exit $?'
rm "$CONFIG/policy.json"
expect 0 as_me opx service install
stdout_has 'removed .*vault-only.conf'
read_one
is "NoNewPrivs $(status_of NoNewPrivs)" "NoNewPrivs 0"

# 8. The recipe: a credential of another service, read when that starts.
units=$HOME/.config/systemd/user
cp "$KIT/packaging/recipes/opx-credential.socket" "$units/opx-credential.socket"
sed "s|/usr/bin/opx|$SCRATCH/bin/opx|" "$KIT/packaging/recipes/opx-credential@.service" >"$units/opx-credential@.service"
printf '[Service]\nType=oneshot\nLoadCredential=token:%%t/opx-credential.sock\nExecStart=/bin/sh -c "cat $${CREDENTIALS_DIRECTORY}/token >%s"\n' "$SCRATCH/work/credential" \
    >"$units/wants-one.service"
chown "$MY_UID" "$units"/*
manager daemon-reload
manager start opx-credential.socket
expect 0 as_me systemctl --user start wants-one.service
is "$(cat "$SCRATCH/work/credential")" "$(fake op://Work/api/token)"
# Where there is no value there is nothing: an error is for the journal.
expect 0 as_me opx lock
expect 0 as_me systemctl --user start wants-one.service
is "$(cat "$SCRATCH/work/credential")" ""
expect 0 as_me opx unlock
manager stop opx-credential.socket
rm "$units/opx-credential.socket" "$units/opx-credential@.service" "$units/wants-one.service"
manager daemon-reload

# 9. What cannot be is taken back: systemd knows nothing of that directory. A program's path may hold what a command line expands.
expect 0 as_me opx service uninstall
expect 1 as_me env XDG_CONFIG_HOME="$SCRATCH/work/configuration" opx service install
stderr_has 'XDG_CONFIG_HOME'
missing "$SCRATCH/work/configuration/systemd"
mkdir 'a$b %c'
cp "$SCRATCH"/bin/* 'a$b %c/'
expect 0 as_me 'a$b %c/opx' service install
read_one
[ "$(daemon)" != 0 ] || fail "systemd does not run it"
expect 0 as_me 'a$b %c/opx' service uninstall

# Units of a package are started and stopped as well, and stay when they are disabled.
packaged=$HOME/.local/share/systemd/user
as_me mkdir -p "$packaged"
for unit in opx-authd.service opx-authd.socket; do sed "s|/usr/bin/|$SCRATCH/bin/|" "$KIT/packaging/systemd/$unit" >"$packaged/$unit"; done
chown "$MY_UID" "$packaged"/*
manager daemon-reload
manager enable --now opx-authd.socket opx-authd.service
read_one
expect 0 as_me opx service status
stdout_has "^installed for systemd: $packaged/opx-authd.service, $packaged/opx-authd.socket\$"
expect 1 as_me opx daemon stop
one_error 'opx service stop'
expect 0 as_me opx service stop
wait_for no_daemon
expect 0 as_me opx service start
read_one
expect 0 as_me opx service uninstall
stdout_has "^$packaged/opx-authd.service stays: it belongs to a package\$"
wait_for no_daemon
rm -r "$packaged"
manager daemon-reload
expect 0 as_me opx service install

# 10. Gone, and gone twice.
expect 0 as_me opx service uninstall
wait_for no_daemon
expect 0 as_me opx service uninstall
stdout_has 'no service of opx is installed'
missing "$HOME/.config/systemd"
missing "$SOCKET"
read_one
expect 0 as_me opx daemon stop
