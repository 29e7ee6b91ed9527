# needs linux
program "$PWD/allowed"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
mkfifo go
for trick in 'rm allowed' 'mv allowed "allowed (deleted)"; printf x >allowed' 'rm allowed; program "$PWD/allowed"'; do
    rm -f allowed 'allowed (deleted)'
    program "$PWD/allowed"
    "$PWD/allowed" -c 'read x <go; opx read op://v/i/f; exit $?' >"$OUT" 2>"$ERR" &
    old=$!
    wait_for sh -c "test \"\$(readlink /proc/$old/exe)\" = '$PWD/allowed'"
    eval "$trick"
    echo >go
    code=0
    wait "$old" || code=$?
    is "exit $code" "exit 3"
done
# Neither does a file of that name help whoever is called so.
program "$PWD/allowed (deleted)"
refused "./allowed (deleted)" op://v/i/f
