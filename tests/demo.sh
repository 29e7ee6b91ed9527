#!/bin/sh
# Shows opx on the fake backend, in a home of its own that is gone afterwards. Needs bin/ (make build) and nothing else.
set -eu
cd "$(dirname "$0")/.."

# A short path: a socket's path has room for about a hundred bytes.
scratch=$(mktemp -d /tmp/opx-demo.XXXXXX)
export HOME="$scratch" XDG_RUNTIME_DIR="$scratch/run" PATH="$PWD/bin:$PATH" OP_AUTHD_BACKEND=fake
unset XDG_CONFIG_HOME XDG_DATA_HOME OPX_SOCKET_PATH OPX_AUTHD_PATH OPX_AUTOSTART OP_AUTHD_SESSION_TIMEOUT OP_AUTHD_ENABLE_SESSION_LOCK

clean_up() {
    code=$?
    trap - EXIT
    opx daemon stop >/dev/null 2>&1 || true
    rm -rf "$scratch"
    if [ "$code" -ne 0 ]; then
        echo "demo: failed" >&2
    fi
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -m 700 "$XDG_RUNTIME_DIR"

# shellcheck disable=SC2016 # what is shown is expanded by the shell that runs it
show() {
    printf '\n$ %s\n' "$1"
    sh -c "$1"
}

echo "No daemon runs; the first read starts one. The backend is fake: it answers with a hash of the reference."
show 'TOKEN=$(opx read op://Work/api/token); echo "$TOKEN"'
echo
echo "Many references are one batch, printed in the order given."
show 'opx read op://Work/db/user op://Work/db/password op://Work/api/token'
echo
echo "A command with secrets in its environment, and nowhere else."
show 'opx run --env DB_PASSWORD=op://Work/db/password -- sh -c '\''echo "pid $$ has $DB_PASSWORD"'\'
echo
echo "A template."
show 'echo "password: {{ op://Work/db/password }}" | opx inject'
echo
show 'opx status'
show 'opx daemon stop'
echo
echo "Everything was below $scratch, which is removed now."
