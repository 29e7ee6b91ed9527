# needs root
# needs linux
# The stolen path in a shared directory: not a byte is said to its owner, and the daemon leaves it where it is.
stolen=/tmp/ox-stolen-$MY_UID.sock
AT_END="rm -f $stolen $stolen.lock"
as_me opx read op://v/i/f >/dev/null
as_me opx daemon stop >/dev/null
export OPX_SOCKET_PATH=$stolen
AS="setpriv --reuid=$OTHER_UID --regid=$OTHER_UID --clear-groups"
tool listen "$stolen" >heard
wait_for grep -q listening heard
before=$(ls -i "$stolen")
fails as_me timeout 30 opx read op://v/i/f
stdout_empty
stderr_has "$stolen|user|owner"
is "$(cat heard)" listening
fails as_me timeout 30 opx-authd
is "$(ls -i "$stolen")" "$before"

# Nobody listens on it any more, and still it is not ours.
kill -KILL "$TOOL"
wait "$TOOL" || true
[ -e "$stolen" ] || fail "the listener took its socket along"
fails as_me timeout 30 opx-authd
is "$(ls -i "$stolen")" "$before"
