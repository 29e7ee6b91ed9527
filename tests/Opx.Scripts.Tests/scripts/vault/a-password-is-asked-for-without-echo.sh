# needs linux
# On a terminal of its own (script, of util-linux): what is typed is not shown, a mistake can be taken back, and the terminal is as before.
command -v script >/dev/null || fail "this script needs 'script', of util-linux"
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me p4ss-word-6 app
start_daemon
cat >inside <<'END'
stty -a >before
opx login vault --method userpass
echo "exit $?"
stty -a >after
END
mkfifo keys
script -qec 'sh ./inside' /dev/null <keys >screen 2>&1 &
terminal=$!
exec 9>keys
wait_for grep -q 'Username: ' screen
printf 'me\r' >&9
wait_for grep -q 'Password: ' screen
printf 'p4ss-worX\177d-6\recho not-a-command\r' >&9
wait_for grep -q '^exit' screen
exec 9>&-
wait "$terminal" || true
grep -q 'signed in to vault by userpass' screen || fail "$(cat screen)"
grep -q '^exit 0' screen || fail "$(cat screen)"
if grep -q 'p4ss' screen; then fail "the password is on the screen"; fi
same before after
if grep -q '^not-a-command' screen; then fail 'what was typed behind it became a command'; fi
prints value opx read 'vault://secret/app#k'
nowhere p4ss-word-6
