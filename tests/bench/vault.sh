#!/bin/sh
# Row P7: fifty keys that lie at ten paths, against one key, on a Vault that takes 50 ms for whatever it is asked.
#
#   sh tests/bench/vault.sh [ROUNDS]      prints: one-ms fifty-ms ratio requests
#
# Wants bin/opx, bin/opx-authd, curl, and the double as a program: dotnet build tests/Opx.Scripts.Tests. Medians of ROUNDS (9) pairs in
# alternation, each a whole 'opx read --fresh'; requests are what one of the fifties cost the server.
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-9}
double=$PWD/.build/net10.0/bin/Opx.Scripts.Tests/debug/Opx.Scripts.Tests.dll
[ -f "$double" ] || { echo "vault.sh: run 'dotnet build tests/Opx.Scripts.Tests' first" >&2; exit 1; }
PATH=$PWD/bin:$PATH
scratch=$(mktemp -d /tmp/opx-p7.XXXXXX)
server="" daemon=""
clean_up() {
    code=$?
    trap - EXIT
    # shellcheck disable=SC2086 # process ids
    kill $server $daemon 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$scratch"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

dotnet "$double" tool vault --delay=50 >"$scratch/double" &
server=$!
until grep -q ready "$scratch/double" 2>/dev/null; do kill -0 "$server"; sleep 0.05; done
address=$(sed -n 's/^address //p' "$scratch/double") token=$(sed -n 's/^token //p' "$scratch/double")
keys=""
for path in 0 1 2 3 4 5 6 7 8 9; do
    curl -sf -o "$scratch/answer" -H "X-Vault-Token: $token" -d '{"data":{"a":"1","b":"2","c":"3","d":"4","e":"5"}}' "$address/v1/secret/data/p$path"
    for key in a b c d e; do keys="$keys vault://secret/p$path#$key"; done
done

mkdir -m 700 "$scratch/home" "$scratch/home/run"
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH VAULT_NAMESPACE VAULT_CACERT
export HOME="$scratch/home" XDG_RUNTIME_DIR="$scratch/home/run" VAULT_ADDR="$address" VAULT_TOKEN="$token"
opx-authd --backend vault --session-timeout 0 2>"$scratch/log" &
daemon=$!
until OPX_AUTOSTART=0 opx status >/dev/null 2>&1; do
    kill -0 "$daemon" 2>/dev/null || { cat "$scratch/log" >&2; exit 1; }
    sleep 0.05
done

# took REF…: milliseconds.
took() {
    before=$(date +%s%N)
    opx read --fresh "$@" >"$scratch/values"
    echo $((($(date +%s%N) - before) / 1000000))
}
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# Once for the login, the mount and the process that speaks HTTP.
# shellcheck disable=SC2086 # references have no spaces here
took $keys >/dev/null
curl -s "$address/control/forget"
# shellcheck disable=SC2086
took $keys >/dev/null
requests=$(curl -s "$address/control/count?of=reads")
for _ in $(seq "$rounds"); do
    took 'vault://secret/p0#a' >>"$scratch/one"
    # shellcheck disable=SC2086
    took $keys >>"$scratch/fifty"
    paste -d' ' "$scratch/one" "$scratch/fifty" | awk '{ printf "%.3f\n", $2 / $1 }' >"$scratch/ratio"
done
echo "$(median <"$scratch/one") $(median <"$scratch/fifty") $(median <"$scratch/ratio") $requests"
