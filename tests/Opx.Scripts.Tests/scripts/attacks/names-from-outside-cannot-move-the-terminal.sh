# Escape sequences and bidi marks in references, file names and configuration are shown as text.
mkdir -p "$CONFIG"
escape=$(printf '\033')
clean() { if LC_ALL=C grep -q "$escape\|$(printf '\342\200\256')" "$OUT" "$ERR"; then fail "a control sequence reached the terminal"; fi; }
printf '{"\\u001b]0;title\\u0007\\u202e": 1}' >"$CONFIG/config.json"
fails opx read op://v/i/f
clean
rm "$CONFIG/config.json"
fails opx read "$(printf 'op://v/i/\033[2J')"
clean
fails opx read "$(printf 'x\342\200\256y://v')"
clean
fails opx run --env-file "$(printf 'no\033[2Jfile')" -- true
clean
expect 127 opx run --env T=op://v/i/f -- "$(printf './no\033[2Jcommand')"
clean
# What the daemon says of its own arguments and environment goes to a terminal, or to a log that somebody shows.
hostile=$(printf 'x\033[2J')
fails opx-authd "--$hostile"
clean
fails opx-authd --config "$SCRATCH/$hostile"
clean
mkdir "$SCRATCH/$hostile"
export OPX_SOCKET_PATH="$SCRATCH/$hostile/s"
start_daemon
expect 0 opx-authd
stderr_has 'running already'
clean
mkfifo "$SCRATCH/$hostile/no-socket"
export OPX_SOCKET_PATH="$SCRATCH/$hostile/no-socket"
fails opx-authd
clean
export OPX_SOCKET_PATH="$SCRATCH/$hostile/s"
