# needs linux
program "$PWD/editor"
program "$PWD/terminal"
program "$PWD/allowed"
start_daemon
policy "{\"allow\":[{\"path\":\"$PWD/allowed\",\"parents\":[\"$PWD/terminal\"],\"refs\":[\"*\"]}],\"default_deny\":true}"
prints "$(fake op://v/i/f)" ./terminal -c './editor -c "./allowed -c \"opx read op://v/i/f; exit \\\$?\"; exit \$?"; exit $?'
expect 3 ./editor -c './allowed -c "opx read op://v/i/f; exit \$?"; exit $?'
# The program itself is none of its ancestors.
policy "{\"allow\":[{\"parents\":[\"$PWD/allowed\"],\"refs\":[\"*\"]}],\"default_deny\":true}"
refused ./allowed op://v/i/f
policy "{\"deny\":[{\"parents\":[\"$PWD/editor\"],\"refs\":[\"*\"]}]}"
reads ./allowed op://v/i/f
expect 3 ./editor -c './allowed -c "opx read op://v/i/f; exit \$?"; exit $?'
one_error 'deny rule 1'
