# A program named op that is opx itself stands first on the PATH: the daemon asks the real one, not itself for ever.
use_op
put op://v/i/f value
mkdir shim
ln -s "$SCRATCH/bin/opx" shim/op
PATH=$PWD/shim:$PATH
start_daemon
prints value opx read op://v/i/f
