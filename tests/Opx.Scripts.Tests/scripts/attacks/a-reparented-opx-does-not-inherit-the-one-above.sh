# needs linux
# The parent of opx is gone before opx connects: what is above it now was never asked by anybody.
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
cat >late.sh <<'X'
( while [ -e /proc/$1 ]; do :; done; opx read op://v/i/f >"$2" 2>"$3"; echo $? >"$2.code" ) &
X
./allowed -c './other -c "./other late.sh \$\$ $1 $2 & exit"; while [ ! -s $1.code ]; do sleep 0.05; done' sh "$OUT" "$ERR"
is "exit $(cat "$OUT.code")" "exit 3"
stdout_empty
