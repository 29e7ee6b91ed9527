#!/bin/sh
# The contract with a real server, by the published programs alone: sh tests/contract.sh BIN [DIRECTORY]
#
# BIN is `vault` or `bao` (a name or a path); it is started as `BIN server -dev` on a port of this machine and ended again. DIRECTORY holds opx and
# opx-authd (default: bin/ of this tree). Needs sh, curl and what every system has; no SDK, no jq. It makes what it needs through the server's HTTP
# API, reads it through opx, and ends with "N passed, N failed". A home of its own is made below /tmp and removed.
set -u

server=${1:?usage: sh tests/contract.sh BIN [DIRECTORY]}
programs=${2:-$(dirname "$0")/../bin}
programs=$(cd "$programs" && pwd) || exit 2
[ -x "$programs/opx" ] && [ -x "$programs/opx-authd" ] || { echo "contract: no opx and opx-authd in $programs (make build)" >&2; exit 2; }
case ${server##*/} in
    *bao*) scheme=bao prefix=BAO ;;
    *) scheme=vault prefix=VAULT ;;
esac

# A short path: a socket's path has room for about a hundred bytes.
home=$(mktemp -d /tmp/opx-ct.XXXXXX)
mkdir -m 700 "$home/run"
for name in $(env | sed -n 's/^\(VAULT_[A-Z_]*\|BAO_[A-Z_]*\|XDG_[A-Z_]*\|OPX_[A-Z_]*\|OP_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export HOME="$home" XDG_RUNTIME_DIR="$home/run" OP_AUTHD_BACKEND="$scheme" PATH="$programs:$PATH"
umask 077
port=$((20000 + $$ % 30000))
address=http://127.0.0.1:$port
root=opx-contract-root-$$
passed=0 failed=0

"$server" server -dev -dev-no-store-token "-dev-root-token-id=$root" "-dev-listen-address=127.0.0.1:$port" >"$home/server.log" 2>&1 &
pid=$!
clean_up() {
    trap - EXIT
    opx daemon stop >/dev/null 2>&1
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tries=0
until curl -fsS "$address/v1/sys/health" >"$home/health" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$pid" 2>/dev/null; then
        echo "contract: $server does not start:" >&2
        tail -n 5 "$home/server.log" >&2
        exit 2
    fi
    sleep 0.1
done
echo "contract: $scheme $(sed -n 's/.*"version":"\([^"]*\)".*/\1/p' "$home/health") at $address, opx $(opx --version)"

# root METHOD PATH [JSON]: a call as root; its body is printed. What it says of itself is lost where it fails, and the check that needs it fails.
root() { curl -fsS -X "$1" -H "X-Vault-Token: $root" ${3+-d "$3"} "$address/v1/$2"; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
policy() { root POST "sys/policies/acl/$1" "{\"policy\":\"$2\"}" >/dev/null; }
token() { root POST auth/token/create "{\"policies\":[\"$1\"],\"ttl\":\"10m\"}" | member client_token; }

good() { passed=$((passed + 1)); echo "ok      $1"; }
bad() { failed=$((failed + 1)); echo "FAILED  $1: $2"; }

# is NAME WANTED COMMAND…: exit 0 and that on standard output, byte for byte but for a last newline.
is() {
    what=$1 wanted=$2
    shift 2
    if got=$("$@" 2>"$home/err"); then
        if [ "$got" = "$wanted" ]; then good "$what"; else bad "$what" "'$got' instead of '$wanted'"; fi
    else
        bad "$what" "exit $? $(head -c 300 "$home/err")"
    fi
}

# exits NAME CODE COMMAND…: that exit code, nothing on standard output, one line on standard error.
exits() {
    what=$1 wanted=$2
    shift 2
    code=0
    "$@" >"$home/out" 2>"$home/err" || code=$?
    if [ "$code" != "$wanted" ]; then
        bad "$what" "exit $code instead of $wanted: $(head -c 300 "$home/err")"
    elif [ -s "$home/out" ] || [ "$(wc -l <"$home/err")" -ne 1 ]; then
        bad "$what" "more than one line of error"
    else
        good "$what"
    fi
}
says() { if grep -q "$2" "$home/err"; then good "$1"; else bad "$1" "$(head -c 300 "$home/err")"; fi; }
login() { opx login "$scheme" "--address=$address" "$@"; }
fresh() { opx daemon stop >/dev/null 2>&1; rm -rf "$home/.config"; }

# ---- what there is to read ----

ready() { root POST secret/data/app '{"data":{"k":"one"}}' >/dev/null 2>&1; }
tries=0
until ready || [ "$tries" -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
root POST secret/data/app '{"data":{"k":"t w\u00f6<&>","n":1.50,"list":[1,"two"]}}' >/dev/null
root POST secret/data/gone '{"data":{"k":"v"}}' >/dev/null
root DELETE secret/data/gone
root POST secret/data/closed '{"data":{"k":"v"}}' >/dev/null
root POST secret/data/a%20b '{"data":{"k":"odd"}}' >/dev/null
root POST sys/mounts/kv1 '{"type":"kv","options":{"version":"1"}}'
root POST kv1/app '{"k":"plain"}'
root POST sys/mounts/pki '{"type":"pki"}'
root POST pki/root/generate/internal '{"common_name":"opx.example","ttl":"1h"}' >/dev/null
policy reader 'path \"secret/data/app\" { capabilities = [\"read\"] } path \"secret/data/gone\" { capabilities = [\"read\"] } path \"secret/data/none\" { capabilities = [\"read\"] } path \"secret/data/a b\" { capabilities = [\"read\"] } path \"kv1/*\" { capabilities = [\"read\"] } path \"pki/*\" { capabilities = [\"read\"] }'
reader=$(token reader)

# ---- a token in the environment ----

export "${prefix}_ADDR=$address" "${prefix}_TOKEN=$reader"
is 'kv 2, a key' 't wö<&>' opx read "$scheme://secret/app#k"
is 'kv 2, data/ in the path' 't wö<&>' opx read "$scheme://secret/data/app#k"
is 'kv 2, a number as it was written' 1.50 opx read "$scheme://secret/app#n"
is 'kv 2, a list as JSON' '[1,"two"]' opx read "$scheme://secret/app#list"
is 'kv 2, an older version' one opx read "$scheme://secret/app?version=1#k"
is 'kv 2, a whole secret' '{"k":"one"}' opx read "$scheme://secret/app?version=1"
is 'a path with a space' odd opx read "$scheme://secret/a b#k"
is 'kv 1' plain opx read "$scheme://kv1/app#k"
exits 'a deleted version' 4 opx read "$scheme://secret/gone#k"
says '… is said to be deleted' deleted
exits 'a secret that is not there' 4 opx read "$scheme://secret/none#k"
exits 'a key that is not there' 4 opx read "$scheme://secret/app#none"
exits 'what the policy does not allow' 3 opx read "$scheme://secret/closed#k"
curl -fsS "$address/v1/pki/ca/pem" >"$home/pem"
is 'an answer that is not JSON' "$(cat "$home/pem")" opx read "$scheme://pki/ca/pem"
is 'a batch' 't wö<&> plain' sh -c 'opx read "$1" "$2" | tr "\n" " " | sed "s/ $//"' sh "$scheme://secret/app#k" "$scheme://kv1/app#k"

# ---- logins that are typed ----

fresh
unset "${prefix}_TOKEN" "${prefix}_ADDR"
exits 'without a login' 6 opx read "$scheme://secret/app#k"
root POST sys/auth/userpass '{"type":"userpass"}'
root POST auth/userpass/users/me '{"password":"right one","token_policies":"reader","token_ttl":"10m"}'
printf 'me\nright one\n' >"$home/right"
printf 'me\nwrong one\n' >"$home/wrong"
typed() { login --method=userpass <"$1"; }
exits 'a wrong password' 5 typed "$home/wrong"
if typed "$home/right" >"$home/out" 2>"$home/err"; then good 'a password'; else bad 'a password' "$(cat "$home/err")"; fi
is '… reads' plain opx read "$scheme://kv1/app#k"
exits 'a wrong password later' 5 typed "$home/wrong"
is '… leaves what worked' plain opx read --fresh "$scheme://kv1/app#k"
if opx logout "$scheme" | grep -q revoked; then good 'a logout revokes'; else bad 'a logout revokes' 'it does not'; fi
exits '… and nothing is read after it' 5 opx read "$scheme://kv1/app#k"

root POST sys/auth/approle '{"type":"approle"}'
root POST auth/approle/role/ci '{"token_policies":"reader"}'
role=$(root GET auth/approle/role/ci/role-id | member role_id)
secret=$(root POST auth/approle/role/ci/secret-id | member secret_id)
printf '%s\n%s\n' "$role" "$secret" >"$home/approle"
approle() { login --method=approle <"$home/approle"; }
if approle >/dev/null 2>"$home/err"; then good 'an approle'; else bad 'an approle' "$(cat "$home/err")"; fi
is '… reads' plain opx read "$scheme://kv1/app#k"
tok() { printf %s "$reader" | login; }
if tok >/dev/null 2>"$home/err"; then good 'a token'; else bad 'a token' "$(cat "$home/err")"; fi
is '… reads' plain opx read "$scheme://kv1/app#k"
bad_token() { printf hvs.none | login; }
exits 'a token that is none' 5 bad_token

# ---- what is left on disk ----

opx daemon stop >/dev/null 2>&1
rm -f "$home/right" "$home/wrong" "$home/approle" "$home/server.log"
left=$(grep -rlF -e 'right one' -e "$secret" -e "$reader" "$home" 2>/dev/null | tr '\n' ' ')
if [ -z "$left" ]; then good 'no credential on disk'; else bad 'no credential on disk' "$left"; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
