# needs linux
sh=$(readlink -f /bin/sh)
mkdir other
for script in allowed.sh other/allowed.sh denied.sh; do
    printf '#!%s\nopx read op://v/i/f\nexit $?\n' "$sh" >"$script"
    chmod 700 "$script"
done
ln -s "$PWD/denied.sh" other/link.sh
start_daemon
policy "{\"allow\":[{\"path\":\"$sh\",\"script\":\"$PWD/allowed.sh\",\"refs\":[\"op://v/i/f\"]}]}"
value=$(fake op://v/i/f)
prints "$value" ./allowed.sh
prints "$value" "$PWD/allowed.sh"
prints "$value" "$sh" -eu allowed.sh
for wrong in ./denied.sh ./other/allowed.sh ./other/link.sh; do
    expect 3 "$wrong"
    one_error 'only the named processes'
done
expect 3 "$sh" -c 'opx read op://v/i/f; exit $?' ./allowed.sh
expect 3 "$sh" -c '. ./allowed.sh' ./allowed.sh
expect 3 "$sh" -s ./allowed.sh <allowed.sh
