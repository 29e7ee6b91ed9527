# Signals, the end, and output that comes as it is written, not at the end.
use_op
put op://v/i/f s3cr3t-value
expect 0 opx shim install --dir "$PWD/shim"
PATH=$PWD/shim:$PATH
export T=op://v/i/f
op read op://v/i/f >/dev/null

mkfifo go
op run -- sh -c 'echo "begin $T"; read -r _ <go; echo "end $T"' >"$OUT" 2>"$ERR" &
run=$!
wait_for grep -qx 'begin <concealed by 1Password>' "$OUT"
stdout_lacks end
echo >go
wait "$run"
stdout_has '^end <concealed by 1Password>$'
stdout_lacks s3cr3t

# A secret that comes in pieces.
expect 0 op run -- sh -c 'printf "a s3cr3t"; sleep 0.2; printf "%s" "-value b s3cr3"; echo'
stdout_is 'a <concealed by 1Password> b s3cr3'

# SIGTERM reaches the command, whose end is op's.
op run -- sh -c 'trap "echo stopping; exit 3" TERM; echo ready; while :; do sleep 0.05; done' >"$OUT" 2>"$ERR" &
run=$!
wait_for grep -q ready "$OUT"
kill -TERM "$run"
code=0
wait "$run" || code=$?
is "exit $code" "exit 3"
stdout_has stopping
# So do those that mean what the command makes of them.
# The last one's word is not taken for this one's, which may not have begun.
: >"$OUT"
op run -- sh -c 'trap "echo again; exit 4" USR1; echo ready; while :; do sleep 0.05; done' >"$OUT" 2>"$ERR" &
run=$!
wait_for grep -q ready "$OUT"
kill -USR1 "$run"
code=0
wait "$run" || code=$?
is "exit $code" "exit 4"
expect 143 op run -- sh -c 'kill -TERM $$'

# A reader that goes away ends it, as without op.
op run -- sh -c 'while :; do echo "$T"; done' 2>/dev/null | head -n 1 >"$OUT"
stdout_is '<concealed by 1Password>'
# nohup, mask and limits are the command's own.
prints 0022 op run -- sh -c 'umask 0022; umask'
(umask 027; op run -- sh -c umask) >"$OUT"
stdout_is 0027
