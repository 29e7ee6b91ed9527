# needs linux
# A program of the same user that policy refuses, with the token in hand: every endpoint, every file, every corner of /proc, and a flight of somebody
# who is allowed that it could join.
program "$PWD/allowed"
program "$PWD/other"
use_op
put op://v/i/f a-value-for-the-allowed-one
put op://v/i/g another
start_daemon --enable-audit-log
only "$PWD/allowed" 'op://v/i/f'
prints a-value-for-the-allowed-one ./allowed -c 'opx read op://v/i/f; exit $?'

# Each way to ask. The value is in the cache, and at their disposal is all that the allowed program left.
nothing_from() {
    expect 3 ./other -c "$1; exit \$?"
    stdout_lacks 'a-value'
    stderr_lacks 'a-value'
}
nothing_from 'opx read op://v/i/f'
nothing_from 'opx read --fresh op://v/i/f'
nothing_from 'opx read --json op://v/i/f'
nothing_from 'opx read -o stolen op://v/i/f'
nothing_from 'opx resolve A=op://v/i/f'
nothing_from 'opx run --env A=op://v/i/f -- env'
nothing_from 'A=op://v/i/f opx run -- env'
nothing_from 'echo "{{ op://v/i/f }}" | opx inject'
missing stolen
for route in read reads resolve; do
    case $route in
    read) body='{"ref":"op://v/i/f"}' ;;
    reads) body='{"refs":["op://v/i/f","op://v/i/f"]}' ;;
    resolve) body='{"env":{"A":"op://v/i/f"}}' ;;
    esac
    api POST "/v1/$route" -d "$body"
    body_lacks 'a-value'
    body_has access_denied
done
api GET /v1/status
body_lacks 'a-value'
for route in invalidate session/lock session/unlock login logout; do
    api POST "/v1/$route" -d '{"refs":["op://v/i/f"],"ref":"op://v/i/f"}'
    body_lacks 'a-value'
done
expect 0 opx unlock

# A flight that is under way belongs to those who may have what it brings.
printf prompt >"$OP/mode"
./allowed -c 'opx read --fresh op://v/i/f; exit $?' >"$SCRATCH/theirs" &
allowed=$!
wait_for test -e "$OP/prompted"
nothing_from 'opx read op://v/i/f'
: >"$OP/answer"
echo ok >"$OP/mode"
wait "$allowed"
is "$(cat "$SCRATCH/theirs")" a-value-for-the-allowed-one

# The daemon's memory, its environment and its files, of which the user is the owner all the same.
for secret in mem environ maps fd/0; do
    if cat "/proc/$DAEMON/$secret" >"$OUT" 2>/dev/null; then fail "/proc/PID/$secret can be read"; fi
done
if command -v strace >/dev/null; then
    if timeout 5 strace -p "$DAEMON" >"$OUT" 2>&1; then fail "the daemon can be traced"; fi
fi
if prlimit --pid "$DAEMON" --core=unlimited 2>/dev/null; then echo "its core limit can be raised; it is not dumpable all the same"; fi
[ "$(awk '/^VmLck/ { print $2 }' "/proc/$DAEMON/status")" -gt 0 ] || fail "what it holds may be swapped"
nowhere a-value-for-the-allowed-one
# A crash leaves no core file either.
kill -ABRT "$DAEMON"
wait "$DAEMON" || true
find . "$HOME" / -maxdepth 1 -name 'core*' -type f -newer "$SCRATCH/script.sh" 2>/dev/null >left
same /dev/null left
