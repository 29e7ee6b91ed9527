# --fresh=false is no operand 'false'.
start_daemon
for off in --fresh=false --json=false -n=false --quiet=false --no-newline=false --help=false; do
    prints "$(fake op://v/i/f)" opx read "$off" op://v/i/f
done
expect 0 opx read --json=true op://v/i/f
stdout_has '"results"'
expect 0 opx read -n=true op://v/i/f
stdout_is_exactly "$(fake op://v/i/f)"
expect 0 opx invalidate --all=true
expect 2 opx read --fresh=maybe op://v/i/f
one_error '^opx: --fresh is on or off: write --fresh, --fresh=true or --fresh=false'
expect 0 opx run --no-env-refs=false -- sh -c 'echo "$1"' sh --fresh=false
stdout_is --fresh=false
