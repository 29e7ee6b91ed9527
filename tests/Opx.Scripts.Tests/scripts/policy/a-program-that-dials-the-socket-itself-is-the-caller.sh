cp "$(command -v curl)" allowed-curl
start_daemon
only "$PWD/allowed-curl" 'op://v/i/f'
api POST /v1/read -d '{"ref":"op://v/i/f"}'
problem 403 access_denied
curl() { ./allowed-curl "$@"; }
api POST /v1/read -d '{"ref":"op://v/i/f"}'
answers 200
body_has "$(fake op://v/i/f)"
