program "$PWD/allowed"
mkdir -m 700 "$SCRATCH/rules" "$CONFIG" 2>/dev/null || mkdir -p "$SCRATCH/rules" "$CONFIG"
printf '{"default_deny":true}' >"$SCRATCH/rules/p.json"
start_daemon --policy "$SCRATCH/rules/p.json"
refused ./allowed op://v/i/f
expect 0 opx status
stdout_has "policy +0 rules in $SCRATCH/rules/p.json"
stop_daemon
printf '{"policy":"%s"}' "$SCRATCH/rules/p.json" >"$CONFIG/config.json"
start_daemon
refused ./allowed op://v/i/f
rm "$SCRATCH/rules/p.json"
reads ./allowed op://v/i/f
