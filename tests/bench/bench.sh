#!/bin/bash
# Rows P1 to P10: what a cached read costs the one who waits, what the daemon costs the machine, how few calls reach a backend. Two things are
# always measured side by side in one run and compared by the median of their ratios; floor.c, server.c and load.c are the yardsticks.
#
#   bash tests/bench/bench.sh [--readme]     --readme also puts the table into README.md, between its two markers
#   ROUNDS=15 SECONDS_EACH=2 make bench    for quieter figures
# shellcheck disable=SC2016 # the backquotes of Markdown
set -eu
cd "$(dirname "$0")/../.."
mode=${1-} rounds=${ROUNDS:-9} each=${SECONDS_EACH:-1}

for need in cc openssl curl; do
    command -v "$need" >/dev/null || { echo "bench: needs $need (and OpenSSL's headers)" >&2; exit 1; }
done
here=$PWD/tests/bench tools=$PWD/.build/bench bin=$PWD/bin
mkdir -p "$tools"
for tool in floor server load herd; do
    cc -O2 -w -o "$tools/$tool" "$here/$tool.c" -lssl -lcrypto -lpthread
done
cc -O2 -Wall -Wextra -o "$tools/time" "$here/time.c"

# The same Kestrel with the same settings and a constant for an answer, built as bin/ was; and the double of Vault.
read -r framework kind <.build/built
native=$([ "$kind" = native ] && echo true || echo false)
dotnet publish "$here/Bare" -c Release --nologo -v quiet -o "$tools/bare" -p:OpxFramework="$framework" -p:OpxNative="$native" \
    -p:ArtifactsPath="$PWD/.build/$kind" >"$tools/log" || { cat "$tools/log" >&2; exit 1; }
dotnet build tests/Opx.Scripts.Tests --nologo -v quiet >"$tools/log" || { cat "$tools/log" >&2; exit 1; }

scratch=$(mktemp -d /tmp/opx-bench.XXXXXX)
started=""
clean_up() {
    code=$?
    trap - EXIT
    # shellcheck disable=SC2086 # process ids
    kill $started 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$scratch"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH OPX_AUTOSTART OP_AUTHD_SESSION_TIMEOUT
export PATH="$bin:$PATH"

# daemon NAME OPTION…: one of its own, in $scratch/NAME, its process in $PID. home NAME: the environment in which opx finds it.
daemon() {
    mkdir -m 700 "$scratch/$1" "$scratch/$1/run"
    home "$1"
    shift
    opx-authd --session-timeout 0 --ttl 100000 "$@" 2>"$HOME/log" &
    PID=$!
    started="$started $PID"
    until OPX_AUTOSTART=0 opx status >/dev/null 2>&1; do
        kill -0 "$PID" 2>/dev/null || { cat "$HOME/log" >&2; exit 1; }
        sleep 0.05
    done
}
home() {
    export HOME=$scratch/$1 XDG_RUNTIME_DIR=$scratch/$1/run
    DATA=$HOME/.local/share/op-authd SOCKET=$XDG_RUNTIME_DIR/op-authd/socket.sock
}
end() { kill "$1"; wait "$1" 2>/dev/null || true; }
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
quartiles() { sort -n | awk '{ a[NR] = $1 } END { printf "%.2f-%.2f", a[int((NR + 3) / 4)], a[int((3 * NR + 1) / 4)] }'; }
over() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
now_ms() { date +%s%3N; }
resident() { awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }
# cpu NAME PID OPTION…: the daemon's processor microseconds per request under the load.
cpu() {
    home "$1"
    "$tools/load" "$DATA" "${LOAD_SOCKET:-$SOCKET}" -s "$each" -p "$2" "${@:3}" | sed -n 's/.*daemon-cpu=\([0-9.]*\)us.*/\1/p'
}
# against A PID B PID OPTION…: A's and B's median in alternation, and the median of the rounds' ratios, in $A $B $RATIO $SPREAD.
against() {
    : >"$scratch/pairs"
    for _ in $(seq "$rounds"); do
        x=$(LOAD_SOCKET='' cpu "$1" "$2" "${@:5}")
        y=$(LOAD_SOCKET=${OTHER_SOCKET-} cpu "$3" "$4" "${@:5}")
        echo "$x $y $(over "$x" "$y")" >>"$scratch/pairs"
    done
    A=$(cut -d' ' -f1 "$scratch/pairs" | median) B=$(cut -d' ' -f2 "$scratch/pairs" | median)
    RATIO=$(cut -d' ' -f3 "$scratch/pairs" | median) SPREAD=$(cut -d' ' -f3 "$scratch/pairs" | quartiles)
}

rows=$scratch/rows
# row NAME WHAT MEASURED AGAINST TARGET FIGURE [LIMIT]: the verdict is FIGURE ≤ LIMIT (LIMIT: the target's number).
row() {
    verdict=$([ -z "$5" ] || awk -v f="$6" -v l="$7" 'BEGIN { print (f != "" && f + 0 <= l + 0) ? "met" : "**not met**" }')
    echo "| $1 | $2 | $3 | $4 | $5 | $6 | $verdict |" | tee -a "$rows"
}

# P1: the whole process, in alternation.
daemon main --backend fake
main=$PID reference=op://bench/item/field
idle=$(resident "$main")
opx read "$reference" >/dev/null
# shellcheck disable=SC2046 # three words
set -- $("$tools/time" $((rounds * 20)) opx read "$reference" -- "$tools/floor" "$DATA" "$SOCKET" "$reference")
row P1 '`opx read`, cached, whole process' "$1 µs" "$2 µs: the least that C can do" '≤ 1.15 ×' "$3" 1.15

if command -v valgrind >/dev/null; then
    instructions() { valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | awk '/Collected/ { printf "%.1f", $NF / 1000000 }'; }
    ours=$(instructions opx read "$reference") theirs=$(instructions "$tools/floor" "$DATA" "$SOCKET" "$reference")
    row P1 'the same in instructions' "$ours million" "$theirs million" '≤ 1.15 ×' "$(over "$ours" "$theirs")" 1.15
fi

# P2, P3: the daemon's processor time, new connections and kept ones, against an epoll loop in C.
"$tools/server" "$DATA" "$scratch/least.sock" &
least=$!
started="$started $least"
until [ -S "$scratch/least.sock" ]; do sleep 0.05; done
OTHER_SOCKET=$scratch/least.sock against main "$main" main "$least" -n
row P2 'daemon, new connection, processor' "$A µs" "$B µs: an epoll loop in C" '≤ 1.35 ×' "$RATIO ($SPREAD)" 1.35
OTHER_SOCKET=$scratch/least.sock against main "$main" main "$least"
row P3 'daemon, kept connection, processor' "$A µs" "$B µs: the same" '≤ 2.2 ×' "$RATIO ($SPREAD)" 2.2
end "$least"

# Load on new connections against a bare endpoint.
"$tools/bare/opx-bench-bare" "$DATA" "$scratch/bare.sock" >"$scratch/bare.log" 2>&1 &
bare=$!
started="$started $bare"
until [ -S "$scratch/bare.sock" ]; do kill -0 "$bare"; sleep 0.05; done
OTHER_SOCKET=$scratch/bare.sock against main "$main" main "$bare" -n
row P2 'the same against a bare Kestrel endpoint' "$A µs" "$B µs: one that answers a constant" '≤ 1.10 ×' "$RATIO ($SPREAD)" 1.10
OTHER_SOCKET=$scratch/bare.sock against main "$main" main "$bare"
row P3 'the same against a bare Kestrel endpoint' "$A µs" "$B µs: the same" '' "$RATIO ($SPREAD)" 99
end "$bare"

# P4: memory.
row P4 'resident, idle' "$idle MB" '' '≤ 32 MB' "$idle" 32
row P4 'resident, after both loads' "$(resident "$main") MB" '' '≤ 45 MB' "$(resident "$main")" 45

# P9: cost against size.
: >"$scratch/sizes"
for size in 10 100 1000; do
    for _ in $(seq "$rounds"); do LOAD_SOCKET='' cpu main "$main" -c 2 -b "$size" -k "$size"; done | median >>"$scratch/sizes"
done
per=$(awk '{ a[NR] = $1 } END { printf "%.2f", (a[3] - a[2]) / 900 }' "$scratch/sizes")
row P9 '10, 100, 1,000 cached references in one request' "$(paste -sd/ "$scratch/sizes") µs" '' '≤ 3 µs a reference' "$per" 3

# P10: the audit log.
daemon audit --backend fake --enable-audit-log
audit=$PID
against audit "$audit" main "$main"
row P10 'audit log on, kept connection, processor' "$A µs" "$B µs: off" '≤ 1.3 ×' "$RATIO ($SPREAD)" 1.3
end "$audit"
end "$main"

# P8: a first read that starts the daemon, against a warm one.
mkdir -m 700 "$scratch/first" "$scratch/first/run"
home first
export OP_AUTHD_BACKEND=fake
for _ in $(seq "$rounds"); do
    t=$(date +%s%6N)
    opx read "$reference" >/dev/null
    cold=$(($(date +%s%6N) - t))
    "$tools/time" 5 opx read "$reference" -- true | awk -v c="$cold" '{ print c, $1, c / $1 }'
    opx daemon stop >/dev/null
done >"$scratch/pairs"
unset OP_AUTHD_BACKEND
row P8 'first read, no daemon running' "$(cut -d' ' -f1 "$scratch/pairs" | median) µs" "$(cut -d' ' -f2 "$scratch/pairs" | median) µs: a warm read" '≤ 12 ×' \
    "$(cut -d' ' -f3 "$scratch/pairs" | median)" 12

# P4 again, P5, P6: with 1Password's CLI, played by a script.
export OP_BENCH_CALLS=$scratch/op-calls OP_BENCH_SECONDS=0 OPX_OP_PATH=$here/op
: >"$OP_BENCH_CALLS"
daemon values --backend opcli
before=$(resident "$PID")
for batch in $(seq 0 10); do
    seq -f "op://bench/item/f$batch-%.0f" 909 | xargs opx read >/dev/null
done
burst=$(resident "$PID")
# Not waited for, but bounded: the daemon gives back what the burst left when nobody has asked for anything for a second or two.
for _ in $(seq 50); do
    after=$(resident "$PID")
    [ "${after%.*}" -ge $((${before%.*} + 10)) ] || break
    sleep 0.1
done
row P4 '10,000 cached values of 64 bytes add' "$after - $before MB, in the burst $burst MB" '' '≤ 10 MB' "$(awk -v a="$after" -v b="$before" 'BEGIN { printf "%.1f", a - b }')" 10
end "$PID"

export OP_BENCH_SECONDS=0.3
daemon fifty --backend opcli
for round in $(seq "$rounds"); do
    : >"$OP_BENCH_CALLS"
    names=$(for i in $(seq 50); do printf -- '--env V%s=op://bench/item/r%s-%s ' "$i" "$round" "$i"; done)
    t=$(date +%s%6N)
    # shellcheck disable=SC2086 # words
    opx run $names -- true
    fifty=$(($(date +%s%6N) - t))
    calls=$(wc -l <"$OP_BENCH_CALLS")
    t=$(date +%s%6N)
    V1=op://bench/item/x "$here/op" run --no-masking -- env -0 >"$scratch/one"
    one=$(($(date +%s%6N) - t))
    echo "$fifty $one $(over "$fifty" "$one")"
done >"$scratch/pairs"
row P5 '50 references in one `opx run`: wall' "$(cut -d' ' -f1 "$scratch/pairs" | median) µs, $calls process" "$(cut -d' ' -f2 "$scratch/pairs" | median) µs: one \`op\` call of 300 ms" \
    '≤ 1.25 ×' "$(cut -d' ' -f3 "$scratch/pairs" | median)" 1.25
end "$PID"

# P7: a Vault that takes 50 ms for each answer.
# shellcheck disable=SC2046 # four words
set -- $(sh "$here/vault.sh" "$rounds")
row P7 '50 keys at ten Vault paths: wall' "$2 ms, $4 requests" "$1 ms: one key" '≤ 3 ×' "$3" 3

export OP_BENCH_SECONDS=3
daemon herd --backend opcli
: >"$OP_BENCH_CALLS"
last=$("$tools/herd" "$DATA" "$SOCKET" 1000 op://bench/item/herd)
row P6 '1,000 callers of one reference: last answer' "$((last - $(tail -n 1 "$OP_BENCH_CALLS"))) ms behind the backend's" "$(wc -l <"$OP_BENCH_CALLS") backend call" '≤ 250 ms' \
    "$((last - $(tail -n 1 "$OP_BENCH_CALLS")))" 250
end "$PID"

table() {
    echo "| | row | measured | against | target | figure | |"
    echo "|---|---|---|---|---|---|---|"
    sort -t'|' -k2,2V -s "$rows"
    echo
    echo "$(nproc) cores, $(openssl version | cut -d' ' -f1,2), $rounds rounds of $each s, medians; in brackets the middle half of the ratios."
}
if [ "$mode" = --readme ]; then
    table >"$scratch/table"
    awk -v table="$scratch/table" '
        /<!-- bench -->/ { print; while ((getline line < table) > 0) print line; skipping = 1; next }
        /<!-- \/bench -->/ { skipping = 0 }
        !skipping' README.md >"$scratch/README.md"
    cat "$scratch/README.md" >README.md
    echo "bench: the table is in README.md"
fi
