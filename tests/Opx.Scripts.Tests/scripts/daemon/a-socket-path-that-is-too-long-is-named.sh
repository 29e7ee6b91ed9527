# Pitfall 37.
long=$SCRATCH/$(head -c 120 /dev/zero | tr '\0' d)/s.sock
OPX_SOCKET_PATH=$long fails opx read op://v/i/f
one_error 'long'
fails opx-authd --sock "$long"
stderr_has 'long'
stderr_lacks '   at |Exception'
mkdir "$SCRATCH/$(head -c 100 /dev/zero | tr '\0' r)"
XDG_RUNTIME_DIR=$SCRATCH/$(head -c 100 /dev/zero | tr '\0' r) fails opx read op://v/i/f
one_error 'long'
