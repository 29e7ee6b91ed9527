#!/bin/bash
# What can be counted of opx's cost, with limits: processes, system calls, page faults, bytes, instructions, allocations, backend calls. Counts do not
# depend on what else the machine does, so that passing a limit is a failure, in CI too. A count that this machine cannot make is said.
#
#   bash tests/bench/smoke.sh
set -eu
cd "$(dirname "$0")/../.."
bin=$PWD/bin here=$PWD/tests/bench
scratch=$(mktemp -d /tmp/opx-smoke.XXXXXX)
daemon=""
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$scratch"' EXIT
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH OP_AUTHD_SESSION_TIMEOUT OP_AUTHD_BACKEND
export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/run PATH="$bin:$PATH" OPX_AUTOSTART=0
export OP_BENCH_CALLS=$scratch/op-calls OP_BENCH_SECONDS=0.2 OPX_OP_PATH=$here/op
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
opx-authd --backend opcli --ttl 3600 2>"$scratch/log" &
daemon=$!
until opx status >/dev/null 2>&1; do
    kill -0 "$daemon" || { cat "$scratch/log" >&2; exit 1; }
    sleep 0.05
done

failed=0
# count WHAT FIGURE LIMIT UNIT
count() {
    verdict=$([ "$2" -le "$3" ] && echo ok || echo "TOO MUCH")
    [ "$verdict" = ok ] || failed=1
    printf '%-58s %9s of at most %9s %-12s %s\n' "$1" "$2" "$3" "$4" "$verdict"
}
number() { opx status --json | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

opx read op://bench/item/field >/dev/null
reference=op://bench/item/field

if strace -o /dev/null true 2>/dev/null; then
    strace -f -o "$scratch/calls" opx read "$reference" >/dev/null
    count 'system calls of a cached opx read' "$(grep -cE '^[0-9]+ +[a-z_0-9]+\(' "$scratch/calls")" 315 calls
    count 'programs started by it' "$(grep -c ' execve(' "$scratch/calls")" 1 programs
    count 'threads of it' "$(grep -cE ' clone3?\(' "$scratch/calls")" 1 'beside Main'
    socket=$(sed -n 's/.* connect(\([0-9]*\),.*socket\.sock.*/\1/p' "$scratch/calls" | head -n 1)
    # What was moved on the socket: the results of its reads and writes.
    count 'bytes on the wire of it' "$(sed -nE "s/.* (read|write)\($socket,.* = ([0-9]+)\$/\2/p" "$scratch/calls" | awk '{ s += $1 } END { print s + 0 }')" 2200 bytes
else
    echo 'smoke: no strace here, or it may not trace: system calls are not counted'
fi
if valgrind --tool=none true 2>/dev/null; then
    valgrind --tool=callgrind --callgrind-out-file=/dev/null opx read "$reference" >/dev/null 2>"$scratch/instructions"
    count 'instructions of a cached opx read, thousands' "$(sed -n 's/.*Collected : \([0-9]*\)/\1/p' "$scratch/instructions" | awk '{ print int($1 / 1000) }')" 20200 'thousand'
else
    echo 'smoke: no valgrind here: instructions are not counted'
fi
if command time -f %R true 2>/dev/null; then
    command time -f %R opx read "$reference" 2>"$scratch/faults" >/dev/null
    # Two dozen of them are those of the fork in it.
    count 'page faults of a cached opx read' "$(tail -n 1 "$scratch/faults")" 540 faults
else
    echo 'smoke: no GNU time here: page faults are not counted'
fi

# Over one connection, kept by curl, which counts for nothing of the daemon's.
data=$HOME/.local/share/op-authd
ask() { # ask N: N cached reads on one connection
    seq "$1" | sed 's|.*|url = "https://localhost/v1/read"\noutput = /dev/null|' >"$scratch/urls"
    curl -sS --fail --unix-socket "$XDG_RUNTIME_DIR/op-authd/socket.sock" --cacert "$data/tls.crt" -H "X-OpAuthd-Token: $(cat "$data/token")" \
        -d "{\"ref\":\"$reference\"}" -K "$scratch/urls"
}
ask 50
before=$(number allocated_bytes)
ask 1000
after=$(number allocated_bytes)

status=$(number allocated_bytes)
# One status between the two figures costs what the one after them did.
count 'bytes allocated by the daemon for a cached read' "$(((after - before - (status - after)) / 1000))" 6000 bytes

: >"$OP_BENCH_CALLS"
# shellcheck disable=SC2046 # words
opx run $(for i in $(seq 50); do printf -- '--env V%s=op://bench/item/r%s ' "$i" "$i"; done) -- true
count 'op processes for 50 references in one opx run' "$(wc -l <"$OP_BENCH_CALLS")" 1 processes
: >"$OP_BENCH_CALLS"
for _ in $(seq 20); do opx read op://bench/item/herd >/dev/null & pids="${pids-} $!"; done
# shellcheck disable=SC2086 # process ids
wait $pids
count 'op processes for 20 callers of one reference' "$(wc -l <"$OP_BENCH_CALLS")" 1 processes

kind=$(cut -d' ' -f2 .build/built 2>/dev/null || true)
if [ "$kind" = native ]; then
    count 'size of bin/opx' "$(($(wc -c <"$bin/opx") / 1000))" 10500 kB
    count 'size of bin/opx-authd' "$(($(wc -c <"$bin/opx-authd") / 1000))" 18000 kB
fi
exit "$failed"
