# needs linux
# The process that connected becomes the allowed program, while a child that inherited the connection speaks on it.
program "$PWD/allowed"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
tool hand-over "$SOCKET" "$PWD/door" "$PWD/allowed" -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
wait_for test "$(readlink -f /proc/self/exe)" -a -S door
wait_for sh -c "test \"\$(readlink /proc/$TOOL/exe)\" = '$PWD/allowed'"
SOCKET=$PWD/door
api POST /v1/read -d '{"ref":"op://v/i/f"}'
problem 403 peer_unidentified
body_has 'another program than the one that connected'
