# needs linux
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
cp "$SCRATCH/bin/opx" copy
mkdir bin
cp "$SCRATCH/bin/opx" bin/opx
ln "$SCRATCH/bin/opx" bin/linked 2>/dev/null || cp "$SCRATCH/bin/opx" bin/linked
for disguise in ./copy bin/opx; do
    # Even the allowed program does not lend its name to a copy: nobody knows what is in it.
    expect 3 ./allowed -c "$disguise read op://v/i/f; exit \$?"
    one_error "may not read"
done
# Whatever opx is called, the one who runs it counts.
expect 3 ./other -c "bin/linked read op://v/i/f; exit \$?"
if command -v bash >/dev/null; then
    expect 3 bash -c 'exec -a "$1" opx read op://v/i/f' bash "$PWD/allowed"
    one_error "may not read"
fi
