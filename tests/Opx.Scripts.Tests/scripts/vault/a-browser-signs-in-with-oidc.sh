# The browser is played by a program that opens what it is given, and is started with an argument list.
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
root POST sys/auth/oidc '{"type":"oidc"}'
root POST auth/oidc/config '{"oidc_discovery_url":"https://idp.example","default_role":"people"}'
root POST auth/oidc/role/people '{"user_claim":"sub","allowed_redirect_uris":["http://localhost:8250/oidc/callback"],"token_policies":["app"]}'
port=$((20000 + MY_UID % 20000))
cat >"$SCRATCH/bin/browser" <<END
#!/bin/sh
printf '%s\n' "\$#" "\$1" >"$SCRATCH/work/opened"
# Somebody who knows the port but not the state comes first.
curl -s "http://localhost:$port/oidc/callback?code=forged&state=forged" >"$SCRATCH/work/forged"
curl -sL --max-time 20 "\$1" >"$SCRATCH/work/page.new"
mv "$SCRATCH/work/page.new" "$SCRATCH/work/page"
END
chmod +x "$SCRATCH/bin/browser"
start_daemon
expect 0 env BROWSER=browser opx login vault --method=oidc --listen-port=$port
stdout_has 'signed in to vault by oidc'
stderr_has "sign in at $VAULT/control/oidc/authorize.*redirect_uri=http%3A%2F%2Flocalhost%3A$port%2Foidc%2Fcallback"
wait_for test -e page
grep -q 'opx is signed in' page || fail "$(cat page)"
is "$(sed -n 1p opened)" 1
prints value opx read 'vault://secret/app#k'
missing "$CONFIG/config.json"
# A role that is not there is said, and nobody is sent anywhere.
rm opened
fails env BROWSER=browser opx login vault --method=oidc --role=nobody --listen-port=$port
one_error .
missing opened
# Without a browser the address is printed, and another terminal can go there.
env -u BROWSER opx login vault --method=oidc --no-browser --listen-port=$port >out 2>err &
login=$!
wait_for grep -q 'sign in at' err
curl -sL --max-time 20 "$(sed -n 's/.*sign in at //p' err)" >/dev/null
wait "$login"
grep -q 'signed in to vault by oidc' out
