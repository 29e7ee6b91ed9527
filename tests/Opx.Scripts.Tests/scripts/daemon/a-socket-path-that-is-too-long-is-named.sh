# Pitfall 37.
long=$SCRATCH/$(head -c 120 /dev/zero | tr '\0' d)/s.sock
mkdir "${long%/*}"
fails env OPX_SOCKET_PATH=$long opx read op://v/i/f
one_error 'long'
fails opx-authd --sock "$long"
stderr_has 'long'
stderr_lacks '   at |Exception'
deep=$SCRATCH/$(head -c 100 /dev/zero | tr '\0' r)
mkdir "$deep"
fails env XDG_RUNTIME_DIR="$deep" opx read op://v/i/f
one_error 'long'
