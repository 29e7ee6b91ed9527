# needs linux
# A crash in the very moment in which the client holds the value. First a program that may dump proves that this machine writes core files.
# shellcheck disable=SC3045 # there is no other word for it
ulimit -S -c unlimited || not_run "core files are forbidden here (hard limit)"
case $(cat /proc/sys/kernel/core_pattern) in
'|'* | */*) not_run "core files go elsewhere here: $(cat /proc/sys/kernel/core_pattern)" ;;
esac
cores() { find . -name 'core*' | wc -l | tr -d ' '; }
sleep 60 &
sleeper=$!
kill -SEGV "$sleeper"
wait "$sleeper" || true
[ "$(cores)" = 1 ] || not_run "a crash leaves no core file here at all"
rm core*

# It writes the value into a pipe that nobody empties: the value is in its memory when it is killed.
use_op
number=10
while [ "$number" -lt 50 ]; do canary "$number"; number=$((number + 1)); done >"$SCRATCH/unit"
while :; do cat "$SCRATCH/unit"; done 2>/dev/null | head -c 1000000 >"$SCRATCH/large"
put_file op://v/large/f "$SCRATCH/large"
expect 0 opx read op://v/large/f
for signal in SEGV ABRT SYS; do
    mkfifo full
    sh -c 'head -c 1 >got; exec sleep 60' <full &
    reader=$!
    opx read op://v/large/f >full &
    client=$!
    wait_for test -s got
    # More than once: the runtime takes a SIGSEGV that no instruction of its own made for a passing matter.
    killed() { kill "-$signal" "$client"; gone "$client"; }
    wait_for killed
    code=0
    wait "$client" || code=$?
    [ "$code" -gt 128 ] || fail "it was not killed: $code"
    kill "$reader"
    wait "$reader" || true
    is "$(cores) core files" "0 core files"
    rm full got
done

# The command has its limit back: what it leaves behind is its own affair.
opx run -- sh -c 'ulimit -S -c' >"$OUT"
stdout_is unlimited
