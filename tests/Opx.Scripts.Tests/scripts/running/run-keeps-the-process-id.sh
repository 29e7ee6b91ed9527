# `opx run` becomes the command (execve): one process, not two.
start_daemon
# shellcheck disable=SC2016 # the inner shell's
sh -c 'echo $$; exec opx run --env T=op://v/i/f -- sh -c "echo \$\$ \$T"' >"$OUT"
first=$(sed -n 1p "$OUT")
is "$(sed -n 2p "$OUT")" "$first $(fake op://v/i/f)"
