# The Go version's files and ours; a dry run first, and an interrupted move taken up again.
legacy=$HOME/.op-authd
mkdir -m 0700 "$legacy"
start_daemon --enable-audit-log
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$legacy/token"
token=$(cat "$legacy/token")
printf '{"backend": "fake", "ttl": "5m"}' >"$legacy/config.json"
printf '{"allow": []}' >"$legacy/policy.json"
echo note >"$legacy/of-mine"
mkdir "$legacy/old"
echo deep >"$legacy/old/file"
find "$legacy" -type f | sort | xargs cksum >before

expect 0 opx migrate --dry-run
stdout_has "^move $legacy/token to $DATA/token\$"
stdout_has "^move $legacy/policy.json to $CONFIG/policy.json\$"
stdout_has "^remove $legacy/socket.sock: it is made anew\$"
find "$legacy" -type f | sort | xargs cksum >after
same before after
missing "$DATA"
alive "$DAEMON" || fail "a dry run stopped the daemon"

# What is there already and differs is the person's to decide on; the same is not in the way.
mkdir -p "$CONFIG"
chmod 0700 "$CONFIG"
echo '{}' >"$CONFIG/policy.json"
expect 1 opx migrate
one_error 'is there already and differs'
exists "$legacy/policy.json"
cp "$legacy/policy.json" "$CONFIG/policy.json"
chmod 0600 "$CONFIG/policy.json"

printf '{"policy": "%s/policy.json"}' "$legacy" >"$legacy/config.json"
expect 1 opx migrate
one_error 'names paths below'
printf '{"backend": "fake", "ttl": "5m"}' >"$legacy/config.json"

# Nothing waits for a pipe.
mkfifo "$legacy/pipe"
expect 1 opx migrate
one_error 'pipe is neither a file nor a directory'
rm "$legacy/pipe"

# One that was killed in the middle of a file.
mkdir -p "$DATA"
chmod 0700 "$DATA"
printf half >"$DATA/token.1f00.tmp"
expect 0 opx migrate
missing "$DATA/token.1f00.tmp"
stdout_has "^stopped opx-authd \(process $DAEMON\)\$"
wait "$DAEMON" || fail "the daemon ended with $?"
missing "$legacy"
is "$(cat "$DATA/token")" "$token"
mode_is "$DATA/token" -rw-------
mode_is "$DATA" drwx------
is "$(cat "$DATA/of-mine" "$DATA/old/file")" "note${NL}deep"
exists "$CONFIG/config.json"
prints "$(fake op://v/i/f)" opx read op://v/i/f
exists "$SOCKET"
expect 0 opx audit verify
expect 0 opx doctor
expect 0 opx migrate
stdout_has 'nothing to do'
expect 0 opx migrate --json
stdout_has '"dry_run":false,"messages":\["there is no '
expect 0 opx daemon stop

# A service that was installed for the old places would start the daemon there again, without the policy.
mkdir -m 0700 "$legacy" doubles
cat >doubles/systemctl <<'END'
#!/bin/sh
case "$*" in *show*) printf 'ActiveState=inactive\n\nMainPID=0\n' ;; esac
END
chmod +x doubles/systemctl
export PATH="$PWD/doubles:$PATH"
units=$HOME/.config/systemd/user
expect 0 opx service install
grep -q "ListenStream=$legacy/" "$units/opx-authd.socket" || fail "$(cat "$units/opx-authd.socket")"
expect 0 opx migrate
stdout_has "'opx service install' installs it again"
missing "$units/opx-authd.socket"
