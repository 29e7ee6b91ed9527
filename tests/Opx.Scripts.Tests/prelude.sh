# shellcheck shell=sh disable=SC2034,SC2012 # scripts use what is set here
# Read before every script (sh -eu): the words that scripts are written in. tests/README.md lists them.
#
# Around a script: its own HOME, XDG_RUNTIME_DIR and TMPDIR below $SCRATCH, bin/ first on the PATH, the fake backend chosen, an
# empty standard input, and the working directory $SCRATCH/work.

export OP_AUTHD_BACKEND=fake
DATA=$HOME/.local/share/op-authd
CONFIG=$HOME/.config/op-authd
SOCKET=$XDG_RUNTIME_DIR/op-authd/socket.sock
OUT=$SCRATCH/out ERR=$SCRATCH/err        # of the last expect
BODY=$SCRATCH/body HEAD=$SCRATCH/head    # of the last api
NL='
'
umask 077

# ---- what a command does ----

fail() {
    echo "FAIL: $*"
    for shown in "$OUT" "$ERR"; do
        if [ -s "$shown" ]; then
            echo "---- ${shown##*/}:"
            head -c 2000 "$shown"
            echo
        fi
    done
    exit 1
}

# expect CODE COMMAND…: runs it, keeps its output in $OUT and $ERR, and fails unless it exits with CODE.
expect() {
    wanted=$1
    shift
    echo "> $*" | head -c 300
    echo
    code=0
    "$@" >"$OUT" 2>"$ERR" || code=$?
    [ "$code" = "$wanted" ] || fail "exit $code instead of $wanted: $(printf '%s' "$*" | head -c 300)"
}

# fails COMMAND…: like expect, for any exit code but 0 and those of a crash.
fails() {
    echo "> $*" | head -c 300
    echo
    code=0
    "$@" >"$OUT" 2>"$ERR" || code=$?
    [ "$code" -ne 0 ] || fail "exit 0: $*"
    [ "$code" -lt 124 ] || fail "exit $code: $*"
}

bytes() { wc -c <"$1" | tr -d ' '; }

# stdout_is TEXT: exactly that and one newline. stdout_is_exactly TEXT: no newline.
stdout_is() { printf '%s\n' "$1" >"$SCRATCH/wanted"; same "$SCRATCH/wanted" "$OUT"; }
stdout_is_exactly() { printf '%s' "$1" >"$SCRATCH/wanted"; same "$SCRATCH/wanted" "$OUT"; }
stdout_has() { grep -qE -e "$1" "$OUT" || fail "stdout has no match for: $1"; }
stdout_lacks() { if grep -qE -e "$1" "$OUT"; then fail "stdout has a match for: $1"; fi; }
stderr_has() { grep -qE -e "$1" "$ERR" || fail "stderr has no match for: $1"; }
stderr_lacks() { if grep -qE -e "$1" "$ERR"; then fail "stderr has a match for: $1"; fi; }
stdout_empty() { [ ! -s "$OUT" ] || fail "stdout is not empty"; }
stderr_empty() { [ ! -s "$ERR" ] || fail "stderr is not empty"; }
silent() { stdout_empty; stderr_empty; }

# one_error PATTERN: nothing on stdout, and one line on stderr that starts with "opx: " and matches.
one_error() {
    stdout_empty
    [ "$(wc -l <"$ERR" | tr -d ' ')" = 1 ] || fail "stderr is not one line"
    grep -q '^opx: ' "$ERR" || fail "stderr does not start with 'opx: '"
    stderr_has "$1"
}

# prints TEXT COMMAND…: exit 0, exactly that line on stdout, nothing on stderr.
prints() {
    printed=$1
    shift
    expect 0 "$@"
    stdout_is "$printed"
    stderr_empty
}

same() {
    cmp -s "$1" "$2" && return
    diff -a "$1" "$2" | head -n 12 | cut -c1-300 | cat -A
    fail "${2##*/} differs from ${1##*/}"
}
is() { [ "$1" = "$2" ] || fail "'$1' instead of '$2'"; }
at_most() { [ "$1" -le "$2" ] || fail "$1, and at most $2 are allowed"; }
exists() { [ -e "$1" ] || fail "$1 does not exist"; }
missing() { [ ! -e "$1" ] || fail "$1 exists"; }
mode_is() { is "$1 $(ls -ld "$1" | cut -c1-10)" "$1 $2"; }

# until COMMAND…: waits for it to succeed.
wait_for() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 400 ] || fail "waited in vain for: $*"
        sleep 0.05
    done
}

# Milliseconds of the monotonic-enough clock, for ratios.
now_ms() { if [ -r /proc/uptime ]; then date +%s%3N; else perl -MTime::HiRes=time -e 'printf "%d\n", time * 1000'; fi; }

# ---- processes and daemons ----

# processes NAME: the process ids of this script's processes of that name; zombies do not count.
processes() {
    ps -A -o uid= -o pid= -o stat= -o comm= -o args= | awk -v me="$MY_UID" -v own="$OWN_UID" -v name="$1" -v scratch="$SCRATCH/" '
        $3 !~ /^Z/ && ($4 == name || $4 ~ "/" name "$") && (own == "yes" ? $1 == me : index($0, scratch)) { print $2 }'
}
daemons() { processes opx-authd | wc -l | tr -d ' '; }
no_daemon() { [ "$(daemons)" = 0 ]; }
one_daemon() { is "$(daemons) daemon(s)" "1 daemon(s)"; }
daemon_pid() { processes opx-authd | head -n 1; }
alive() { kill -0 "$1" 2>/dev/null; }

# listening: true when a daemon answers on the socket.
listening() { OPX_AUTOSTART=0 opx status >/dev/null 2>&1; }

# start_daemon OPTION…: in the foreground's background, its messages in $SCRATCH/daemon.log, ready when this returns.
start_daemon() {
    "$SCRATCH/bin/opx-authd" "$@" >"$SCRATCH/daemon.out" 2>"$SCRATCH/daemon.log" &
    DAEMON=$!
    tries=0
    until listening; do
        if ! alive "$DAEMON"; then
            cat "$SCRATCH/daemon.log"
            fail "opx-authd $* ended at once"
        fi
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || fail "opx-authd $* does not answer"
        sleep 0.05
    done
}

# stop_daemon: SIGTERM, and its exit code must be 0.
stop_daemon() {
    kill -TERM "$DAEMON"
    code=0
    wait "$DAEMON" || code=$?
    is "daemon exit $code" "daemon exit 0"
}

counter() { opx status --json | grep -oE "\"$1\":[0-9]+" | head -n 1 | cut -d: -f2; }

# ---- values ----

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# fake REF [FLAG]: what the fake backend answers.
fake() { printf 'fake_%s\n' "$(printf '%s' "$1${2+|$2}" | sha256 | cut -c1-16)"; }

# ---- the HTTP API ----

# api METHOD PATH [CURL OPTION…]: with the token; $STATUS, $BODY, $HEAD. anonymous: the same without a token. $HOST is the Host header.
api() { anonymous "$@" -H "X-OpAuthd-Token: $(cat "$DATA/token")"; }
anonymous() {
    verb=$1 route=$2
    shift 2
    echo "> $verb $route"
    : >"$BODY"
    STATUS=$(curl -sS --max-time 20 --unix-socket "$SOCKET" --cacert "$DATA/tls.crt" -X "$verb" -H "Host: ${HOST-unix}" \
        -H 'Content-Type: application/json' -H 'Expect:' -D "$HEAD" -o "$BODY" -w '%{http_code}' "$@" "https://op-authd-local$route") ||
        fail "curl could not: $(cat "$HEAD")"
}
body_has() { grep -qE -e "$1" "$BODY" || fail "the body has no match for: $1$NL$(head -c 500 "$BODY")"; }
body_lacks() { if grep -qE -e "$1" "$BODY"; then fail "the body has a match for: $1$NL$(head -c 500 "$BODY")"; fi; }
answers() { is "status $STATUS $(head -c 300 "$BODY")" "status $1 $(head -c 300 "$BODY")"; }

# problem STATUS CODE: the last answer is a problem+json of that kind.
problem() {
    answers "$1"
    grep -qi '^content-type: application/problem+json' "$HEAD" || fail "no application/problem+json: $(cat "$HEAD")"
    body_has "\"code\":\"$2\""
    body_has "\"status\":$1[,}]"
    body_has '"type":"[^"]+"'
    body_has '"title":"[^"]+"'
    body_has '"detail":"[^"]+"'
}

# ---- 1Password ----

# use_op: from here on the backend is 1Password's CLI, played by the double; $OP is the directory that drives it.
use_op() {
    export OP_AUTHD_BACKEND=opcli OP_DOUBLE_DIR="$SCRATCH/1password"
    OP=$OP_DOUBLE_DIR
    PATH=$SCRATCH/double:$PATH
    mkdir -p "$OP/values" "$OP/once"
    : >"$OP/calls"
    : >"$OP/asked"
}

# put REF TEXT: the text, byte for byte, is the value of that reference. put_file REF FILE.
put() { mkdir -p "$OP/values/$(dirname "${1#op://}")"; printf '%s' "$2" >"$OP/values/${1#op://}.value"; }
put_file() { mkdir -p "$OP/values/$(dirname "${1#op://}")"; cp "$2" "$OP/values/${1#op://}.value"; }

# op_calls [WORD]: how many times op was called (for read, run, …).
op_calls() { grep -cE "(^| )${1:-.*}( |\$)" "$OP/calls" || true; }

# ---- Vault and OpenBao ----

# use_vault OPTION…: a server of our own (the double in Opx.TestKit/Vault), for vault:// by default and for bao:// with --bao. $VAULT is its address, $ROOT
# its root token, $SERVER its process; the daemon finds it in the environment. Without a configuration of the script's own, backend is multi.
use_vault() {
    export OP_AUTHD_BACKEND=multi
    tool vault "$@" >"$SCRATCH/vault.out" 2>"$SCRATCH/vault.err"
    SERVER=$TOOL
    wait_for grep -q '^ready' "$SCRATCH/vault.out"
    VAULT=$(sed -n 's/^address //p' "$SCRATCH/vault.out")
    ROOT=$(sed -n 's/^token //p' "$SCRATCH/vault.out")
    case " $* " in
        *" --bao "*) export BAO_ADDR="$VAULT" ;;
        *) export VAULT_ADDR="$VAULT" ;;
    esac
    case $VAULT in https:*)
        ask ca >"$SCRATCH/ca.pem"
        ;;
    esac
}

# root METHOD PATH [JSON]: a call as root, which must succeed; its answer is printed.
root() {
    curl -sSk --fail-with-body --max-time 20 -X "$1" -H "X-Vault-Token: $ROOT" -H "X-Vault-Namespace: ${NAMESPACE-}" ${3+-d "$3"} "$VAULT/v1/$2" ||
        fail "the server refuses $1 $2"
}

# member NAME: that member of the JSON on standard input, a text without quotes in it.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# secret PATH JSON: a KV v2 secret in secret/. kv1 MOUNT PATH JSON: one without versions.
secret() { root POST "secret/data/$1" "{\"data\":$2}" >/dev/null; }

# rule NAME PATH CAPABILITY…: adds to a policy what may be done where; $RULES/NAME holds what it says by now.
rule() {
    mkdir -p "$SCRATCH/rules"
    policy_file=$SCRATCH/rules/$1
    printf 'path \\"%s\\" { capabilities = [%s] } ' "$2" "$(shift 2; printf '\\"%s\\",' "$@" | sed 's/,$//')" >>"$policy_file"
    root POST "sys/policies/acl/$1" "{\"policy\":\"$(cat "$policy_file")\"}" >/dev/null
}

# token_for POLICIES [JSON MEMBERS]: a token with these policies.
token_for() { root POST auth/token/create "{\"policies\":\"$1\"${2+,$2}}" | member client_token; }

# ask WHAT[?QUERY]: the double's own way in: counters, requests, leases, tokens, kill-tokens, advance?seconds=N, fault?kind=…, mend, seal, unseal.
ask() { curl -sSk --max-time 20 "$VAULT/control/$1"; }

# asked NAME: how often; reads, logins, failed_logins, renewals, lease_renewals, lease_revocations, token_revocations, …
asked() { ask "count?of=$1"; }
was_asked() { is "$1 $(asked "$1")" "$1 $2"; }

# user NAME PASSWORD POLICY [JSON MEMBERS], approle NAME POLICY [JSON MEMBERS]: somebody who may sign in; the second sets $ROLE_ID.
user() {
    (root POST sys/auth/userpass '{"type":"userpass"}') >/dev/null 2>&1 || true
    root POST "auth/userpass/users/$1" "{\"password\":\"$2\",\"token_policies\":\"$3\"${4+,$4}}"
}
approle() {
    (root POST sys/auth/approle '{"type":"approle"}') >/dev/null 2>&1 || true
    root POST "auth/approle/role/$1" "{\"token_policies\":\"$2\"${3+,$3}}"
    ROLE_ID=$(root GET "auth/approle/role/$1/role-id" | member role_id)
}
secret_id() { root POST "auth/approle/role/$1/secret-id" | member secret_id; }

# settings JSON: config.json of the daemon.
settings() {
    mkdir -p "$CONFIG"
    printf '%s\n' "$1" >"$CONFIG/config.json"
}

# nowhere TEXT…: none of these texts is in a file below the script's home or in an argument list. The double's own files are not looked at.
nowhere() {
    for text in "$@"; do
        [ "${#text}" -ge 4 ] || fail "nowhere: '$text' is too short to be looked for"
        found=$(grep -rlaF -e "$text" "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" "$SCRATCH/daemon.log" "$SCRATCH/daemon.out" 2>/dev/null || true)
        [ -z "$found" ] || fail "a secret lies in: $found"
        if ps -A -o args= | grep -F -e "$text" | grep -qv grep; then fail "a secret is in an argument list"; fi
    done
}

# ---- policy ----

# policy JSON: the policy file from here on, replaced by a rename.
policy() {
    mkdir -p "$CONFIG"
    printf '%s' "$1" >"$CONFIG/policy.json.new"
    mv "$CONFIG/policy.json.new" "$CONFIG/policy.json"
}

# program PATH: a program of one's own that does what sh does (program -c '...'), so that it can be told from all others.
program() { cp "$(readlink -f /bin/sh)" "$1"; }

# only PATH REF…: a policy that lets only that program read those references.
only() {
    allowed=$1
    shift
    policy "{\"allow\":[{\"path\":\"$allowed\",\"refs\":[$(printf '"%s",' "$@" | sed 's/,$//')]}],\"default_deny\":true}"
}

# readme_policy TITLE: the policy that README.md shows under that heading.
readme_policy() {
    awk -v title="$1" '
        /^#/ { here = index($0, title) > 0 }
        here && /^```/ { if (inside) exit; inside = 1; next }
        here && inside' "$KIT/README.md"
}

# reads PROGRAM REF, refused PROGRAM REF [CODE]: the program runs opx and gets the value, or exit 3 and one line.
reads() { prints "$(fake "$2")" "$1" -c 'opx read "$1"; exit $?' sh "$2"; }
refused() {
    expect 3 "$1" -c 'opx read "$1"; exit $?' sh "$2"
    one_error "${3:-access_denied|may not read}"
}

# ---- the odd tool (Tools/) and the other user ----

# tool NAME ARGUMENT…: in the background, its process in $TOOL; it is ended with the script.
tool() {
    DOTNET_EnableDiagnostics=0 ${AS-} "$DOTNET" "$KIT/tool/Opx.Scripts.Tests.dll" tool "$@" &
    TOOL=$!
    HELPERS="${HELPERS-} $TOOL"
}

# For scripts that need root: as_me and as_other run a command as the script's two users.
as_me() { setpriv --reuid="$MY_UID" --regid="$MY_UID" --clear-groups "$@"; }
as_other() { setpriv --reuid="$OTHER_UID" --regid="$OTHER_UID" --clear-groups "$@"; }

# ---- memory ----

# watched_daemon OPTION…: as start_daemon, by a parent that may look into its memory afterwards. $NEEDLE is what all canaries begin with.
watched_daemon() {
    rm -f "$SCRATCH/ask" "$SCRATCH/told"
    mkfifo "$SCRATCH/ask" "$SCRATCH/told"
    tool watch "$SCRATCH/ask" "$SCRATCH/told" "$SCRATCH/bin/opx-authd" "$@" >"$SCRATCH/daemon.out" 2>"$SCRATCH/daemon.log"
    WATCHER=$TOOL
    read -r DAEMON <"$SCRATCH/told"
    case $DAEMON in no:*) not_run "the daemon's memory cannot be looked at ($DAEMON)" ;; esac
    wait_for listening
}

# stop_watched: SIGTERM, and it is gone.
stop_watched() {
    kill -TERM "$DAEMON"
    wait_for gone "$DAEMON"
    kill "$WATCHER"
}
gone() { ! alive "$1" || grep -q '^State:.Z' "/proc/$1/status"; }

# not_run WHY: the script ends here, and counts as skipped.
not_run() {
    echo "NOT RUN: $*"
    exit 77
}

# canary N [TEXT]: a value of its own that begins with the needle. plant N: so many in $REFS.
NEEDLE=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
canary() { printf '%s%02d%s' "$NEEDLE" "$1" "${2--and-what-else-a-password-holds}"; }
plant() {
    REFS=
    planted=0
    while [ "$planted" -lt "$1" ]; do
        put "op://v/i$planted/f" "$(canary "$planted")"
        REFS="$REFS op://v/i$planted/f"
        planted=$((planted + 1))
    done
}

# look: searches the daemon's memory; the answer is in $SEEN.
look() {
    printf '%s\n' "$NEEDLE" >"$SCRATCH/ask"
    read -r SEEN <"$SCRATCH/told"
    echo "  memory: $SEEN"
}

# idle: no read is under way.
idle() { [ "$(counter in_flight)" = 0 ]; }

# holds N: at least one copy of so many canaries is in memory. clean: no copy of any, in any form.
holds() {
    look
    distinct=${SEEN#*distinct=}
    [ "${distinct%% *}" -ge "$1" ] || fail "the search does not find what is there: $SEEN"
}
clean() {
    look
    case $SEEN in "total=0 "*) return ;; esac
    cut -c1-200 "$SCRATCH/daemon.log" | grep ' at ' | tail -n 20
    fail "copies are left: $SEEN"
}

# ---- chaos ----

# Set by the runner: $CHAOS, how many times as long a script of chaos/ goes on as in the suite, and $SEED, from which all chance comes.

# chances COUNT MOST: so many numbers from 0 to MOST, by chance.
chances() { awk -v seed="$SEED" -v count="$1" -v most="$2" 'BEGIN { srand(seed); while (count-- > 0) print int(rand() * (most + 1)) }'; }

# callers CLIENTS REF…, rude CLIENTS REF…: clients, with $PAUSE ms between requests of an honest one, in the background that judge each answer, the value of a reference being what fake says.
callers() {
    number=$1
    shift
    echo "> $number callers, seed $SEED"
    tool callers "$number" "$SEED" "${PAUSE-0}" "$@" >"$SCRATCH/heard" 2>&1
    CALLERS=$TOOL
    wait_for heard_more 0
}
rude() {
    number=$1
    shift
    tool rude "$number" "$SEED" "$@" >"$SCRATCH/rude" 2>&1
    RUDE=$TOOL
}

# heard NAME: of the callers' last line: values, refused, errors, wrong. heard_more N: more values than N.
heard() { tail -n 2 "$SCRATCH/heard" | grep -o "$1=[0-9]*" | tail -n 1 | cut -d= -f2; }
heard_more() { [ "$(heard values)" -gt "$1" ]; }

# end_callers: they finish what they are at. Nobody was told a wrong value, or one that policy refuses him.
end_callers() {
    for peers in "$CALLERS heard" ${RUDE+"$RUDE rude"}; do
        kill -TERM "${peers% *}"
        wait "${peers% *}" || fail "the clients ended with $?: $(tail -n 20 "$SCRATCH/${peers#* }")"
        echo "  ${peers#* }: $(tail -n 1 "$SCRATCH/${peers#* }")"
        grep -q ' wrong=0 ' "$SCRATCH/${peers#* }" || fail "no line of ${peers#* } counts wrong answers"
        tail -n 1 "$SCRATCH/${peers#* }" | grep -q ' wrong=0 ' || fail "wrong answers"
    done
}
no_errors() { is "$(tail -n 1 "$SCRATCH/heard" | grep -o 'errors=[0-9]*')" "errors=0"; }

# quiet_from_here: the callers have had their last error: a second of values and none of anything else.
quiet_from_here() {
    # Their last line may be older than the end of the fault, and its errors are counted in the next.
    values_before=$(heard values)
    wait_for heard_more "$values_before"
    errors_before=$(heard errors) values_before=$(heard values)
    sleep 1
    wait_for heard_more "$values_before"
    is "$(heard errors) errors" "$errors_before errors"
}

# usual [REF]: reads, which starts a daemon where none runs, and sets $USUAL: the milliseconds that the very first read costs on this machine at this
# moment, in a home of its own. The machine may be busy with other things.
usual() {
    ${AS_ME-} opx read "${1:-op://v/i0/f}" >/dev/null
    yardstick
}
yardstick() {
    ${AS_ME-} mkdir -p -m 700 "$SCRATCH/yard" "$SCRATCH/yard/run"
    yard_began=$(now_ms)
    in_yard opx read op://v/i0/f >/dev/null
    USUAL=$(($(now_ms) - yard_began))
    in_yard opx daemon stop >/dev/null
    ${AS_ME-} rm -r "$SCRATCH/yard"
}
in_yard() { ${AS_ME-} env HOME="$SCRATCH/yard" XDG_RUNTIME_DIR="$SCRATCH/yard/run" OP_AUTHD_BACKEND=fake "$@"; }

# back [MS]: the fault is over: within a second, and what a first read costs here anyway, a value is read; or within MS, where the daemon said so.
back() {
    back_began=$(now_ms)
    until ${AS_ME-} opx read op://v/i0/f >"$OUT" 2>"$ERR"; do
        [ $(($(now_ms) - back_began)) -lt $((${1:-1000} + 30000)) ] || fail "it does not come back"
        sleep 0.02
    done
    took=$(($(now_ms) - back_began))
    stdout_is "$(fake op://v/i0/f)"
    if [ "$took" -gt "${1:-1000}" ]; then yardstick; fi
    echo "  back after $took ms, a first read here costs $USUAL ms"
    at_most "$took" $((${1:-1000} + 3 * USUAL))
}

# ---- the end: daemons are told to stop, and everything else must have ended by itself ----

finish() {
    code=$?
    trap - EXIT
    if [ "$code" != 0 ]; then
        echo "the script ended with $code"
        for log in "$SCRATCH/daemon.log" "$DATA/opx-authd.log"; do
            if [ -s "$log" ]; then
                echo "---- ${log##*/}:"
                tail -n 20 "$log"
            fi
        done
    fi
    eval "${AT_END-}"
    for pid in $(processes opx-authd) ${HELPERS-}; do kill -TERM "$pid" 2>/dev/null || true; done
    exit "$code"
}
trap finish EXIT
# Set by scripts: HELPERS (processes to end) and AT_END (a command).
