#!/bin/sh
# Writes src/Opx.Cli/startup-order.txt: the methods that a cached `opx read` runs, by the names that the compiler gives them. What stands there lies side by
# side in bin/opx, on 45 pages instead of in 600 places all over four megabytes; a name that is no longer there counts for nothing. Worth running again
# when a figure in `make bench-smoke` (page faults) has risen, not for every change.
#
#   sh tests/bench/order.sh
set -eu
cd "$(dirname "$0")/../.."
for need in valgrind nm strip; do
    command -v "$need" >/dev/null || { echo "order: needs $need" >&2; exit 1; }
done
sh packaging/build.sh
read -r framework kind <.build/built
[ "$kind" = native ] || { echo "order: this machine makes no native programs" >&2; exit 1; }

# The same program with the names in it, and without line numbers, which valgrind does not understand.
tools=$PWD/.build/order
dotnet publish src/Opx.Cli -c Release --nologo -v quiet -o "$tools/publish" -p:OpxFramework="$framework" -p:OpxNative=true -p:StripSymbols=false \
    -p:ArtifactsPath="$tools"
strip --strip-debug -o "$tools/opx" "$tools/publish/opx"

scratch=$(mktemp -d /tmp/opx-order.XXXXXX)
daemon=""
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$scratch"' EXIT
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH
mkdir -m 700 "$scratch/home" "$scratch/run"
export HOME="$scratch/home" XDG_RUNTIME_DIR="$scratch/run" OPX_AUTOSTART=0 LC_ALL=C
bin/opx-authd --backend fake --ttl 3600 2>"$scratch/log" &
daemon=$!
until "$tools/opx" status >/dev/null 2>&1; do
    kill -0 "$daemon" || { cat "$scratch/log" >&2; exit 1; }
    sleep 0.05
done
"$tools/opx" read op://bench/item/field >/dev/null
valgrind --tool=callgrind --callgrind-out-file="$scratch/calls" "$tools/opx" read op://bench/item/field >/dev/null 2>&1

sed -nE "s/^c?fn=\([0-9]+\) ([^']+).*/\1/p" "$scratch/calls" | sort -u >"$scratch/called"
nm -n "$tools/opx" | awk '$3 == "__start___managedcode" { inside = 1; next } $3 == "__stop___managedcode" { inside = 0 } inside { print $3 }' | sort -u >"$scratch/managed"
comm -12 "$scratch/called" "$scratch/managed" >src/Opx.Cli/startup-order.txt
echo "order: $(wc -l <src/Opx.Cli/startup-order.txt) methods"
