# seconds: 120
# tests/contract.sh is for real servers; here the double plays `vault server -dev` and `bao server -dev`, so that the driver itself is known to work.
for name in vault bao; do
    option=
    if [ "$name" = bao ]; then option=--bao; fi
    cat >"$SCRATCH/bin/$name" <<END
#!/bin/sh
exec "$DOTNET" "$KIT/tool/Opx.Scripts.Tests.dll" tool vault "\$@" $option
END
    chmod +x "$SCRATCH/bin/$name"
    code=0
    TMPDIR=/tmp sh "$KIT/contract.sh" "$SCRATCH/bin/$name" "$SCRATCH/bin" >"$OUT" 2>"$ERR" || code=$?
    grep -v '^ok ' "$OUT" || true
    is "exit $code" "exit 0"
    stdout_has '^[2-9][0-9] passed, 0 failed$'
done
# A binary that is none is said.
code=0
sh "$KIT/contract.sh" /bin/false "$SCRATCH/bin" >"$OUT" 2>"$ERR" || code=$?
is "$code" 2
stderr_has 'does not start'
