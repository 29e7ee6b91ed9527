program "$PWD/allowed"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
expect 3 ./allowed -c 'opx read op://v/i/f op://v/i/g; exit $?'
stdout_empty
cp "$(command -v curl)" allowed-curl
only "$PWD/allowed-curl" 'op://v/i/f'
curl() { ./allowed-curl "$@"; }
api POST /v1/reads -d '{"refs":["op://v/i/g","op://v/i/f"]}'
answers 200
body_has "\"op://v/i/f\":\\{[^}]*$(fake op://v/i/f)"
body_has '"op://v/i/g":\{[^}]*\{[^}]*access_denied'
body_lacks "$(fake op://v/i/g)"
api POST /v1/resolve -d '{"env":{"A":"op://v/i/f","B":"op://v/i/g"}}'
problem 403 access_denied
body_lacks fake_
