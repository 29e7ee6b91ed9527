# Doubles of both on the path note what they are asked; the files are compared with what the packages ship.
mkdir doubles
cat >doubles/systemctl <<'END'
#!/bin/sh
echo "systemctl $*" >>"$SCRATCH/work/calls"
case "$*" in
*show*) printf 'ActiveState=active\nUnitFileState=enabled\n\nMainPID=0\nActiveState=inactive\nUnitFileState=enabled\n' ;;
*disable*) [ ! -e "$SCRATCH/work/refusal" ] || { cat "$SCRATCH/work/refusal" >&2; exit 1; } ;;
*enable*) [ ! -e "$SCRATCH/work/broken" ] || { echo 'Failed to connect to bus: No medium found' >&2; exit 1; } ;;
esac
END
cat >doubles/journalctl <<'END'
#!/bin/sh
echo "journalctl $*"
END
chmod +x doubles/*
units=$HOME/.config/systemd/user
export PATH="$PWD/doubles:$PATH" OPX_OP_PATH="/opt/my tools/100%/op"

expect 0 opx service install
stdout_has "^wrote $units/opx-authd.service\$"
stdout_has "^wrote $units/opx-authd.socket\$"
is "$(grep -v -- '--property' calls | cut -d' ' -f4-)" "daemon-reload
enable opx-authd.socket opx-authd.service
start opx-authd.socket
try-restart opx-authd.service"
grep -qx "ExecStart=$SCRATCH/bin/opx-authd" "$units/opx-authd.service" || fail "$(cat "$units/opx-authd.service")"
grep -qx 'Environment="OPX_OP_PATH=/opt/my tools/100%%/op"' "$units/opx-authd.service" || fail "$(cat "$units/opx-authd.service")"
grep -qx "ExecStartPre=-$SCRATCH/bin/opx daemon stop" "$units/opx-authd.socket" || fail "$(cat "$units/opx-authd.socket")"
if command -v systemd-analyze >/dev/null; then
    expect 0 systemd-analyze verify --user --man=no "$units/opx-authd.service" "$units/opx-authd.socket"
fi

# Idempotent, and a file that somebody wrote is theirs.
expect 0 opx service install
stdout_lacks '^wrote'
expect 0 opx service status --json
stdout_has '"installed":true'
expect 0 opx service start --quiet
silent
expect 0 opx service logs -n 5 -f
stdout_is 'journalctl --user --unit opx-authd.service --no-pager --lines 5 --follow'
# What systemd would not stop is not removed from under it.
echo 'Failed to stop opx-authd.socket: Access denied' >refusal
expect 1 opx service uninstall
one_error 'disable --now .* failed, and its units stay: .*Access denied'
exists "$units/opx-authd.service"
rm refusal
expect 0 opx service uninstall
missing "$units/opx-authd.service"
missing "$units/opx-authd.socket"
expect 0 opx service uninstall
mkdir -p "$units"
echo '[Service]' >"$units/opx-authd.service"
expect 1 opx service install
one_error 'was not written by opx'
is "$(cat "$units/opx-authd.service")" '[Service]'
rm "$units/opx-authd.service"
: >broken
expect 1 opx service install
stderr_has "^opx: 'systemctl --user enable .*' failed: Failed to connect to bus"
rm broken

# launchd, where systemctl is not to be had: only what is in doubles/ and what a base system has.
mkdir launch
cat >launch/launchctl <<'END'
#!/bin/sh
echo "launchctl $*" >>"$SCRATCH/work/calls"
case $1 in
print) [ -e "$SCRATCH/work/loaded" ] && printf '%s = {\n\tstate = running\n\tpid = 4321\n}\n' "$2" ;;
bootstrap) : >"$SCRATCH/work/loaded" ;;
bootout) rm "$SCRATCH/work/loaded" ;;
esac
END
chmod +x launch/launchctl
for tool in sh cat rm tail; do ln -s "$(command -v $tool)" launch/; done
agent=$HOME/Library/LaunchAgents/org.opx.authd.plist
launch() { PATH=$PWD/launch "$SCRATCH/bin/opx" service "$@"; }
: >calls
expect 0 launch install
is "$(grep -v print calls)" "launchctl enable gui/$MY_UID/org.opx.authd
launchctl bootstrap gui/$MY_UID $agent"
grep -qF "<string>$SCRATCH/bin/opx-authd</string>" "$agent" || fail "$(cat "$agent")"
grep -qF "<string>/opt/my tools/100%/op</string>" "$agent" || fail "$(cat "$agent")"
if command -v xmllint >/dev/null; then expect 0 xmllint --noout --nonet "$agent"; fi
expect 0 launch status
stdout_has 'running \(process 4321\)'
: >calls
expect 0 launch install
is "$(grep -c bootout calls) $(grep -c bootstrap calls)" "1 1"
expect 0 launch stop
expect 0 launch stop
expect 0 launch start
expect 0 launch uninstall
missing "$agent"
expect 0 launch uninstall
expect 2 launch install --strict
one_error 'for systemd'
mkdir empty
nothing() { PATH=$PWD/empty "$SCRATCH/bin/opx" "$@"; }
expect 1 nothing service install
one_error 'neither systemctl nor launchctl'
