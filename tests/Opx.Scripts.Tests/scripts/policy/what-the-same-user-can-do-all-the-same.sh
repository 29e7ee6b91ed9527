# needs linux
# Each of these gets the value. They are here so that README.md says no more, and no less, than is true: whoever may start the allowed
# program as the same user can make it, or something that the kernel takes for it, ask.
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
value=$(fake op://v/i/f)

echo "it tells the allowed program what to do"
prints "$value" ./other -c './allowed -c "opx read op://v/i/f; exit \$?"; exit $?'

echo "it starts opx and then becomes the allowed program: a process's number and start time outlive exec, and no time of exec is kept"
mkfifo go over
./other -c 'sh -c "read x <go; opx read op://v/i/f >stolen; echo >over" & exec ./allowed -c "read x <over"' &
outer=$!
wait_for sh -c "test \"\$(readlink /proc/$outer/exe)\" = '$PWD/allowed'"
echo >go
wait "$outer"
# The shell between them was the caller there; without it the allowed program is.
[ ! -s stolen ] || fail "a shell in between was passed over"
./other -c 'opx_waits() { read x <go; exec opx read op://v/i/f >stolen; }; opx_waits & exec ./allowed -c "while [ ! -s stolen ]; do sleep 0.05; done"' &
outer=$!
wait_for sh -c "test \"\$(readlink /proc/$outer/exe)\" = '$PWD/allowed'"
echo >go
wait "$outer"
is "$(cat stolen)" "$value"

echo "it stops the daemon, connects, and becomes the allowed program before the daemon can look"
kill -STOP "$DAEMON"
tool hand-over "$SOCKET" "$PWD/door" "$PWD/allowed" -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
wait_for sh -c "test \"\$(readlink /proc/$TOOL/exe)\" = '$PWD/allowed'"
kill -CONT "$DAEMON"
real=$SOCKET SOCKET=$PWD/door
api POST /v1/read -d '{"ref":"op://v/i/f"}'
answers 200
SOCKET=$real

echo "it lies about its script: the arguments are its own to write, and a shell obeys its environment first"
if command -v bash >/dev/null; then
    bash=$(readlink -f "$(command -v bash)")
    echo 'true' >good.sh
    echo 'opx read op://v/i/f; exit $?' >evil.sh
    policy "{\"allow\":[{\"path\":\"$bash\",\"script\":\"$PWD/good.sh\",\"refs\":[\"*\"]}],\"default_deny\":true}"
    expect 3 bash evil.sh
    prints "$value" env BASH_ENV=evil.sh bash good.sh
fi

echo "it starts a helper that outlives it"
policy "{\"deny\":[{\"parents\":[\"$PWD/other\"],\"refs\":[\"op://v/i/f\"]}]}"
expect 3 ./other -c './allowed -c "opx read op://v/i/f; exit \$?"; exit $?'
mkfifo left
./other -c './allowed -c "read x <left; opx read op://v/i/f >freed; echo >left" & exit 0'
echo >left
read -r x <left
is "$(cat freed)" "$value"

echo "it puts another program in the place of one that it can write to"
only "$PWD/allowed" 'op://v/i/f'
refused ./other op://v/i/f
cp other allowed.new
mv allowed.new allowed
reads ./allowed op://v/i/f
