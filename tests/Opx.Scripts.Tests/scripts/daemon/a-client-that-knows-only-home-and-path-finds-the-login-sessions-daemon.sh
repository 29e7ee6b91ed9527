# needs root
# needs linux
# A program that hands on nothing but HOME and PATH: the client looks in /run/user/UID before it starts a second daemon.
login=/run/user/$MY_UID
mkdir -p /run/user
mkdir -m 0700 "$login"
chown "$MY_UID:$MY_UID" "$login"
AT_END="rm -rf $login"
XDG_RUNTIME_DIR=$login OP_AUTHD_BACKEND=fake as_me "$SCRATCH/bin/opx-authd" 2>"$SCRATCH/daemon.log" &
wait_for as_me env XDG_RUNTIME_DIR="$login" OPX_AUTOSTART=0 opx status
expect 0 as_me env -i HOME="$HOME" PATH="$PATH" opx read op://v/i/f
stdout_is "$(fake op://v/i/f)"
one_daemon
