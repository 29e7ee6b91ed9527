# seconds: 90
# A policy or a configuration of which only the beginning was written, at every length: nobody is let in by what is missing.
program "$PWD/allowed"
start_daemon
text="{\"allow\":[{\"path\":\"$PWD/allowed\",\"refs\":[\"op://v/i/f\"]}],\"default_deny\":true}"
policy "$text"
refused /bin/sh op://v/i/f
length=0
while [ "$length" -lt "${#text}" ]; do
    policy "$(printf '%s' "$text" | head -c "$length")"
    expect 3 opx read op://v/i/f
    one_error 'policy'
    length=$((length + 1))
done
policy "$text"
reads ./allowed op://v/i/f
stop_daemon

settings='{"backend":"vault","enable_audit_log":true,"limits":{"connections":100},"vault":{"address":"https://vault.example:8200"}}'
unset OP_AUTHD_BACKEND
settings "$settings"
expect 0 opx-authd --check
length=1
while [ "$length" -lt "${#settings}" ]; do
    settings "$(printf '%s' "$settings" | head -c "$length")"
    fails opx-authd --check
    stderr_has 'config.json'
    length=$((length + 1))
done
