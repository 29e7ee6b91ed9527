finds() { # finds CHECK REASON MEND: exactly that fault, in text and in JSON
    expect 1 opx doctor
    stdout_has "^FAULT +$1 .*$2"
    stdout_has "mend: .*$3"
    expect 1 opx doctor --json
    stdout_has '"clean":false'
    stdout_has "\"check\":\"$1\",\"result\":\"fault\",\"reason\":\"[^\"]*$2"
}
start_daemon
prints "$(fake op://v/i/f)" opx read op://v/i/f
stop_daemon
expect 0 opx doctor

# Modes. --fix asks first; where nobody can be asked it wants --yes.
chmod 0755 "$DATA"
chmod 0644 "$DATA/token"
finds directory 'has mode 0755 and needs 0700' 'chmod 0700'
finds file 'token has mode 0644' 'chmod 0600'
expect 1 opx doctor --fix
one_error 'say --yes'
mode_is "$DATA/token" -rw-r--r--
expect 0 opx doctor --fix --yes
stderr_has '^opx: chmod 0600'
mode_is "$DATA" drwx------
mode_is "$DATA/token" -rw-------

# A person is asked, one thing at a time.
if command -v script >/dev/null; then
    chmod 0644 "$DATA/token"
    printf 'n\n' | script -qec 'opx doctor --fix' /dev/null >"$OUT" 2>&1 || true
    mode_is "$DATA/token" -rw-r--r--
    printf 'y\n' | script -qec 'opx doctor --fix' /dev/null >"$OUT" 2>&1
    stdout_has 'needs 0600: chmod 0600 .*\[y/N\]'
    mode_is "$DATA/token" -rw-------
fi

# A socket that nobody serves, as a crash leaves it.
start_daemon
kill -KILL "$DAEMON"
wait "$DAEMON" || true
finds socket 'nobody listens' 'rm '
expect 0 opx doctor --fix --yes
missing "$SOCKET"

# A certificate that has ended, and what is no certificate.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$DATA/tls.key" -out "$DATA/tls.crt" -subj /CN=op-authd-local -days 1 \
    -not_before 20200101000000Z -not_after 20200102000000Z 2>/dev/null ||
    { echo "this openssl makes no old certificates"; printf 'nothing\n' >"$DATA/tls.crt"; }
finds certificate 'ended on 2020-01-02|holds no certificate' 'the next daemon makes a new one'
expect 0 opx doctor --fix --yes
missing "$DATA/tls.crt"
prints "$(fake op://v/i/f)" opx read op://v/i/f
expect 0 opx daemon stop

# Of a daemon that runs it is not taken away: what it says would not be believed any more.
start_daemon
cp "$DATA/tls.crt" kept.crt
printf 'nothing\n' >"$DATA/tls.crt"
finds certificate 'holds no certificate' 'rm .*tls.crt && opx daemon restart'
expect 1 opx doctor --fix --yes
exists "$DATA/tls.crt"
cp kept.crt "$DATA/tls.crt"
stop_daemon

# A login that is configured is one, though no daemon has tried it yet; of several backends not all have to be.
settings '{"backend":"vault","vault":{"address":"https://vault.example:8200","auth":{"method":"token","token_ref":"op://Work/vault/token"}}}'
unset OP_AUTHD_BACKEND
expect 0 opx doctor
stdout_has '^ok +backend vault +ready'
settings '{"backend":"vault"}'
finds 'backend vault' 'Vault is not configured: [^"]' 'opx login vault'
use_op
settings '{"backend":"multi","vault":{"address":"https://vault.example:8200"}}'
unset OP_AUTHD_BACKEND
expect 0 opx doctor
stdout_has '^ok +backend vault +ready'
stdout_has '^note +backend bao +OpenBao is not configured'
rm "$CONFIG/config.json"

# What only a person can mend.
mkdir -p "$CONFIG"
echo '{"ttl": "soon"}' >"$CONFIG/config.json"
finds configuration 'ttl' 'man opx-config'
rm "$CONFIG/config.json"
policy '{"allow": [{"path": "/x"'
finds policy 'every read is refused' 'opx policy check'
rm "$CONFIG/policy.json"
export OP_AUTHD_BACKEND=opcli OPX_OP_PATH=/nowhere/op
finds 'backend opcli' 'op' "1Password's CLI"
export OP_AUTHD_BACKEND=fake
unset OPX_OP_PATH
export OPX_AUTHD_PATH=/nowhere/opx-authd
finds opx-authd 'nowhere' 'OPX_AUTHD_PATH'
unset OPX_AUTHD_PATH
expect 1 env XDG_DATA_HOME=relative opx doctor
stdout_has "^FAULT +environment +XDG_DATA_HOME"
