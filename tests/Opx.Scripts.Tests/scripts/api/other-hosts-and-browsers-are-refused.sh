# A page in a browser cannot be made to speak for its user.
start_daemon
refused() { case $STATUS in 4[0-9][0-9]) ;; *) fail "answered $STATUS: $(cat "$BODY")" ;; esac; body_lacks 'fake_'; }
for header in 'Origin: https://evil.example' 'Origin: null' 'Referer: https://evil.example/x'; do
    api POST /v1/read -d '{"ref":"op://v/i/f"}' -H "$header"
    refused
done
for HOST in evil.example unix.evil.example 127.0.0.1; do
    api POST /v1/read -d '{"ref":"op://v/i/f"}'
    refused
done
for HOST in unix localhost op-authd-local; do
    api POST /v1/read -d '{"ref":"op://v/i/f"}'
    answers 200
done
