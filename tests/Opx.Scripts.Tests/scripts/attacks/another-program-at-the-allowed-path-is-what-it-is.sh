# needs linux
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
reads ./allowed op://v/i/f
# The other way round: names that lead to another file are not their own names.
ln -s "$PWD/other" link
refused ./link op://v/i/f
stderr_has "$PWD/other may not"
ln allowed hard
refused ./hard op://v/i/f
ln -s allowed soft
reads ./soft op://v/i/f
# A running program whose file was replaced, by rename or in place of a deleted one, has no path any more.
mkfifo go
./allowed -c 'echo >up; read x <go; opx read op://v/i/f; exit $?' >"$OUT" 2>"$ERR" &
old=$!
# Not before it runs: a process that has not executed yet would find the new file.
wait_for test -s up
cp other allowed.new
mv allowed.new allowed
echo >go
code=0
wait "$old" || code=$?
is "exit $code" "exit 3"
one_error 'cannot be identified.*not the file at its path'
# A rule with the hash stops the program that was put there; the path alone says who may write it.
policy "{\"allow\":[{\"path\":\"$PWD/allowed\",\"sha256\":\"$(printf x | sha256 | cut -c1-64)\",\"refs\":[\"*\"]}],\"default_deny\":true}"
refused ./allowed op://v/i/f
