# After an upgrade the daemon of yesterday goes on, and before it an older client may meet a newer daemon. Both read, both say what is the matter to
# a person, to doctor and where something failed, and a restart ends it. $KIT/older is the same source as version 0.0.1 (tests/run.sh).
DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v "$DOTNET")")")
export DOTNET_ROOT
mkdir older
cp -R "$KIT/older/." older
older=$SCRATCH/work/older
[ -x "$older/opx" ] || fail "there is no older version: tests/run.sh builds it"
value=$(fake op://v/i/f)
now=$(opx --version | cut -d' ' -f2)
prints 'opx 0.0.1' "$older/opx" --version
[ "$now" != 0.0.1 ] || fail "there are no two versions"

# The new client, and the daemon of before.
expect 0 "$older/opx" daemon start
yesterdays=$(daemon_pid)
prints "$value" opx read op://v/i/f
expect 0 opx run --env F=op://v/i/f -- printenv F
stdout_is "$value"
stderr_empty
expect 0 opx status
stdout_has '^opx-authd 0\.0\.1 is running'
stderr_has "^opx: opx-authd is version 0\.0\.1 and opx $now: 'opx daemon restart' starts this one's\$"
expect 1 opx doctor
stdout_has "opx-authd 0\.0\.1 runs, opx is $now"
stdout_has 'opx daemon restart'
for command in 'lock' 'unlock' 'invalidate --all' 'status --json' 'policy list'; do
    # shellcheck disable=SC2086 # words
    expect 0 opx $command
    stderr_empty
done
expect 2 opx read ftp://v/i/f
is "$(daemon_pid)" "$yesterdays"
if command -v script >/dev/null; then
    TERM=xterm script -qec 'opx read op://v/i/f' /dev/null >"$OUT" 2>&1
    stdout_has "opx-authd is version 0\.0\.1 and opx $now"
    stdout_has "$value"
fi
expect 0 opx daemon restart
stdout_has "stopped \(process $yesterdays\)"
expect 0 opx status
stderr_empty
stdout_has "^opx-authd $now is running"
expect 0 opx doctor

# The other way round: the daemon is new, the client is not.
todays=$(daemon_pid)
prints "$value" "$older/opx" read op://v/i/f
expect 0 "$older/opx" status
stderr_has "^opx: opx-authd is version $now and opx 0\.0\.1: "
expect 1 "$older/opx" doctor
is "$(daemon_pid)" "$todays"
expect 0 "$older/opx" daemon restart
expect 0 opx status
stdout_has '^opx-authd 0\.0\.1 is running'
expect 0 opx daemon stop
wait_for no_daemon
