# needs linux
start_daemon
for name in 'a b' ') R 1 1 1' 'x) S 1 (y' '(((' "n${NL}) R 1" '"' 'é' ; do
    program "$PWD/$name"
    escaped=$(printf '%s' "$PWD/$name" | sed 's/["\\]/\\&/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')
    only "$escaped" 'op://v/i/f'
    reads "./$name" op://v/i/f
    cp "$name" "$name.other"
    refused "./$name.other" op://v/i/f
    # In the middle of a chain.
    program "$PWD/allowed"
    policy "{\"allow\":[{\"path\":\"$PWD/allowed\",\"parents\":[\"$escaped\"],\"refs\":[\"*\"]}],\"default_deny\":true}"
    prints "$(fake op://v/i/f)" "./$name" -c './allowed -c "opx read op://v/i/f; exit \$?"; exit $?'
    refused ./allowed op://v/i/f
done
