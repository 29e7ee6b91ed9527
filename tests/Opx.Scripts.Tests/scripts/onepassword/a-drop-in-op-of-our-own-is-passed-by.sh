# A program named op that is opx itself stands first on the PATH: the daemon asks the real one, not itself for ever.
use_op
put op://v/i/f value
mkdir shim
ln -s "$SCRATCH/bin/opx" shim/op
PATH=$PWD/shim:$PATH
start_daemon
prints value opx read op://v/i/f
stop_daemon

# So is a script that runs opx.
cat >wrapper <<'SCRIPT'
#!/bin/sh
# in place of op
exec opx "$@"
SCRIPT
chmod +x wrapper
mkdir wrapped
mv wrapper wrapped/op
PATH=$PWD/wrapped:$PATH
start_daemon
prints value opx read op://v/i/f
stop_daemon

# One that hides it is found out when it asks, and nobody waits for it: as op it leads on to the real one, under its own name it is an error.
mkdir hidden
for called in opx op; do
    mkdir -p "links/$called"
    ln -s "$SCRATCH/bin/opx" "links/$called/$called"
    printf '#!/bin/sh\nexec %s/links/%s/* "$@"\n' "$PWD" "$called" >hidden/op
    chmod +x hidden/op
    (
        PATH=$PWD/hidden:$PATH
        start_daemon
        if [ "$called" = op ]; then
            expect 0 timeout 20 opx read op://v/i/f op://v/i/f
            stdout_is "value${NL}value"
        else
            expect 6 timeout 20 opx read op://v/i/f op://v/i/g
            stderr_has 'leads back to opx: set OPX_OP_PATH'
        fi
        stop_daemon
    )
done
