# seconds: 60
command -v script >/dev/null || fail "util-linux has script(1)"
use_op
put op://v/i/f value
start_daemon
printf prompt >"$OP/mode"
# With a terminal: one line that says what it waits for and since when, gone with the answer.
began=$(now_ms)
TERM=xterm script -qec 'opx read op://v/i/f' /dev/null >"$OUT" 2>&1 &
reader=$!
wait_for grep -q 'waiting for 1Password' "$OUT"
wait_for grep -qE '\(([2-9]|[1-9][0-9]+) s\)' "$OUT"
: >"$OP/answer"
wait "$reader"
passed=$((($(now_ms) - began) / 1000))
# However busy the machine is: its first word is that, and what it counts are seconds that have passed, one after the other.
tr '\r' '\n' <"$OUT" | grep -oE 'opx: waiting.*' >notices
grep -vE '^opx: waiting for 1Password, which may want your approval since [0-9]{2}:[0-9]{2}:[0-9]{2} \([1-9][0-9]* s\)$' notices && fail "other words"
is "$(cut -d '(' -f 1 notices | sort -u | wc -l | tr -d ' ') beginning" "1 beginning"
sed 's/.*(\(.*\) s)/\1/' notices >seconds
sort -n seconds | cmp -s - seconds || fail "it does not count: $(cat seconds)"
at_most "$(tail -n 1 seconds)" "$passed"
tail -c 20 "$OUT" | tr -d '\r' | grep -q "$(printf '\033')\[Kvalue" || fail "the line was not taken away: $(tail -c 60 "$OUT" | cat -A)"
# A narrow one: cut, so that it can be taken away. Interrupted: gone, and the signal ends it.
rm "$OP/answer" "$OP/prompted"
# Or the last one's notice is taken for this one's.
: >"$OUT"
mkfifo keys
# What runs in the background has SIGINT ignored, and hands that on.
TERM=xterm COLUMNS=30 env --default-signal=INT script -qec 'opx read --fresh op://v/i/f' /dev/null <keys >"$OUT" 2>&1 &
reader=$!
exec 9>keys
wait_for grep -q 'waiting' "$OUT"
printf '\003' >&9
exec 9>&-
wait "$reader" || true
is "$(tr '\r' '\n' <"$OUT" | sed -n 's/.*\(opx: waiting.*\)/\1/p' | sed 's/\^C//' | sort -u)" 'opx: waiting for 1Password, w'
is "$(tail -c 3 "$OUT")" "$(printf '\033')[K"
: >"$OP/answer"
# Without one: never.
rm "$OP/answer" "$OP/prompted"
opx read --fresh op://v/i/f >"$OUT" 2>"$ERR" &
reader=$!
wait_for test -e "$OP/prompted"
sleep 2
: >"$OP/answer"
wait "$reader"
stdout_is value
stderr_empty
# Nor with --quiet.
rm "$OP/answer" "$OP/prompted"
TERM=xterm script -qec 'opx read --quiet --fresh op://v/i/f' /dev/null >"$OUT" 2>&1 &
reader=$!
wait_for test -e "$OP/prompted"
sleep 2
: >"$OP/answer"
wait "$reader"
is "$(tr -d '\r' <"$OUT")" value
stop_daemon
