#!/bin/bash
# What each way through the daemon costs it, in microseconds of its processor per request: medians of ROUNDS (5) loads of SECONDS_EACH (1).
#
#   bash tests/bench/paths.sh [REGEX]     only the rows whose name matches
set -eu
cd "$(dirname "$0")/../.."
rounds=${ROUNDS:-5} each=${SECONDS_EACH:-1} only=${1:-.}
here=$PWD/tests/bench tools=$PWD/.build/bench
mkdir -p "$tools"
for tool in load idle; do
    cc -O2 -w -o "$tools/$tool" "$here/$tool.c" -lssl -lcrypto -lpthread
done
scratch=$(mktemp -d /tmp/opx-paths.XXXXXX)
PID="" IDLE=""
trap 'kill $PID $IDLE 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$scratch"' EXIT
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OP_AUTHD_BACKEND
export PATH="$PWD/bin:$PATH" OPX_AUTOSTART=0 OPX_OP_PATH=$here/op OP_BENCH_CALLS=$scratch/calls OP_BENCH_SECONDS=0

# daemon OPTION…: another one, in a home of its own that may have a policy ($POLICY).
daemon() {
    [ -z "$PID" ] || { kill "$PID"; wait "$PID" 2>/dev/null || true; }
    export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/home/run
    rm -rf "$HOME"
    mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
    DATA=$HOME/.local/share/op-authd SOCKET=$XDG_RUNTIME_DIR/op-authd/socket.sock
    if [ -n "${POLICY-}" ]; then
        (umask 077; mkdir -p "$HOME/.config/op-authd"; printf '%s' "$POLICY" >"$HOME/.config/op-authd/policy.json")
    fi
    opx-authd --session-timeout 0 "$@" 2>"$HOME/log" &
    PID=$!
    until opx status >/dev/null 2>&1; do kill -0 "$PID" || { cat "$HOME/log" >&2; exit 1; }; sleep 0.05; done
}
# row NAME LOAD-OPTION…
row() {
    name=$1
    shift
    printf '%s\n' "$name" | grep -qE "$only" || return 0
    figure=$(for _ in $(seq "$rounds"); do
        "$tools/load" "$DATA" "$SOCKET" -s "$each" -p "$PID" "$@" | sed -n 's/.*daemon-cpu=\([0-9.]*\)us.*/\1/p'
    done | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
    printf '| %-62s | %8s |\n' "$name" "$figure"
}
# rules N: a policy of N rules for other programs, and one that lets the load through.
rules() {
    printf '{"allow":['
    for i in $(seq "$1"); do printf '{"path":"/opt/tools/tool-%s","refs":["op://Team-%s/item/*"]},' "$i" "$i"; done
    printf '{"path":"%s","refs":["*"]}],"default_deny":true}' "$(readlink -f "$tools/load")"
}

printf '| %-62s | %8s |\n|---|---|\n' 'µs of the daemon per request' ''
daemon --backend fake --ttl 100000
row 'hit, new connection' -n
row 'hit, kept connection'
for size in 10 100 1000; do row "hit, batch of $size" -c 2 -b "$size" -k "$size"; done
"$tools/idle" "$SOCKET" 900 >"$scratch/idle" &
IDLE=$!
until grep -q ready "$scratch/idle"; do kill -0 "$IDLE"; sleep 0.05; done
row 'hit, kept connection, beside 900 idle ones'
kill "$IDLE"
daemon --backend fake --ttl 0
row 'miss (no cache), kept connection'
row 'miss (no cache), new connection' -n
daemon --backend fake --ttl 100000 --enable-audit-log
row 'hit, kept connection, audit log'
row 'hit, new connection, audit log' -n
row 'hit, batch of 100, audit log' -c 2 -b 100 -k 100
POLICY=$(rules 100) daemon --backend fake --ttl 100000
row 'hit, kept connection, 100 rules'
row 'hit, new connection, 100 rules' -n
POLICY=$(rules 1000) daemon --backend fake --ttl 100000
row 'hit, kept connection, 1,000 rules'
row 'hit, batch of 1000, 1,000 rules' -c 2 -b 1000 -k 1000
POLICY=$(rules 1000) daemon --backend fake --ttl 100000 --enable-audit-log
row 'hit, new connection, 1,000 rules and audit log' -n
POLICY="" OP_BENCH_BYTES=65536 daemon --backend opcli --ttl 100000
row 'hit, kept connection, 64 KiB' -c 2
row 'hit, new connection, 64 KiB' -c 2 -n
