program "$PWD/allowed"
start_daemon
reads ./allowed op://v/i/f
deny='{"default_deny":true}'
allow="{\"allow\":[{\"path\":\"$PWD/allowed\",\"refs\":[\"*\"]}],\"default_deny\":true}"
for round in 1 2 3; do
    # The folder appears with the file, the file is replaced, written over, cut off, written in pieces, made again, and goes with its folder.
    mkdir -p "$CONFIG"
    printf '%s' "$deny" >"$CONFIG/policy.json"
    refused ./allowed op://v/i/f
    policy "$allow"
    reads ./allowed op://v/i/f
    printf '%s' "$deny" >"$CONFIG/policy.json"
    refused ./allowed op://v/i/f
    : >"$CONFIG/policy.json"
    refused ./allowed op://v/i/f policy
    printf '%s' "$allow" | head -c 20 >>"$CONFIG/policy.json"
    refused ./allowed op://v/i/f policy
    printf '%s' "$allow" | tail -c +21 >>"$CONFIG/policy.json"
    reads ./allowed op://v/i/f
    mv "$CONFIG/policy.json" "$CONFIG/policy.json~"
    printf '%s' "$deny" >"$CONFIG/policy.json"
    refused ./allowed op://v/i/f
    cp "$CONFIG/policy.json~" "$CONFIG/policy.json"
    reads ./allowed op://v/i/f
    chmod 666 "$CONFIG/policy.json"
    refused ./allowed op://v/i/f 'chmod 600'
    chmod 600 "$CONFIG/policy.json"
    reads ./allowed op://v/i/f
    chmod 777 "$CONFIG"
    refused ./allowed op://v/i/f 'chmod 700'
    chmod 700 "$CONFIG"
    chmod 000 "$CONFIG/policy.json"
    refused ./allowed op://v/i/f policy
    chmod 600 "$CONFIG/policy.json"
    reads ./allowed op://v/i/f
    printf '%s' "$deny" >"$CONFIG/policy.json"
    refused ./allowed op://v/i/f
    rm -r "$CONFIG"
    reads ./allowed op://v/i/f
done
