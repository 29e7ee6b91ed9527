#!/bin/sh
# A cached `opx read`, whole process, against the least that a C program can do, in alternation: ratio of the medians.
# ROUNDS=300 make bench for a quieter figure.
set -eu
cd "$(dirname "$0")/../.."

compiler=
for candidate in cc gcc clang; do
    if command -v "$candidate" >/dev/null; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo "bench: needs a C compiler (cc, gcc or clang) and OpenSSL's headers" >&2
    exit 1
fi
tools=$PWD/.build/bench
mkdir -p "$tools"
"$compiler" -O2 -Wall -Wextra -o "$tools/least" tests/bench/least.c -lssl -lcrypto
"$compiler" -O2 -Wall -Wextra -o "$tools/time" tests/bench/time.c

scratch=$(mktemp -d /tmp/opx-bench.XXXXXX)
export HOME="$scratch" XDG_RUNTIME_DIR="$scratch/run" PATH="$PWD/bin:$PATH" OP_AUTHD_BACKEND=fake
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH OPX_AUTOSTART
clean_up() {
    code=$?
    trap - EXIT
    opx daemon stop >/dev/null 2>&1 || true
    rm -rf "$scratch"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
mkdir -m 700 "$XDG_RUNTIME_DIR"

reference=op://bench/item/field
opx read "$reference" >/dev/null
data=$HOME/.local/share/op-authd
socket=$XDG_RUNTIME_DIR/op-authd/socket.sock

# shellcheck disable=SC2046 # three words
set -- $("$tools/time" "${ROUNDS:-200}" opx read "$reference" -- "$tools/least" "$data" "$socket" "$reference")
echo "P1  opx read, cached: $1 us; least in C: $2 us; ratio $3 (target 1.15), medians of ${ROUNDS:-200} in alternation"
