# needs root
# needs linux
# Everything that another user of the machine can try without a hole in the kernel, while the daemon runs and has a value.
use_op
chmod 711 "$SCRATCH" && chmod 755 "$OP" "$OP/values"
put op://v/i/f a-value-that-nobody-else-gets
chown -R "$MY_UID" "$OP"
as_me "$SCRATCH/bin/opx-authd" --enable-audit-log --disk-cache 2>"$SCRATCH/daemon.log" &
wait_for as_me opx status
prints a-value-that-nobody-else-gets as_me opx read op://v/i/f
wait_for test -e "$DATA/cache.sealed"
# From here on every directory of the home can be walked through but our own: their mode is what counts.
chmod 755 "$SCRATCH" "$HOME" "$HOME/.local" "$HOME/.local/share" "$XDG_RUNTIME_DIR"
refused_to_other() { if as_other "$@" >"$OUT" 2>"$ERR"; then fail "another user may: $*"; fi; }

for file in "$DATA" "$DATA"/* "$XDG_RUNTIME_DIR/op-authd" "$SOCKET" "$SOCKET.lock"; do
    refused_to_other cat "$file"
    refused_to_other ls "$file"
    refused_to_other sh -c ': >>"$1"' sh "$file"
    refused_to_other mv "$file" "$file.gone"
    refused_to_other ln -s /etc/passwd "$file"
    refused_to_other chmod 777 "$file"
done
refused_to_other curl -sS --max-time 5 --unix-socket "$SOCKET" http://unix/v1/status
refused_to_other sh -c ': >"$1/token"' sh "$DATA"

# What /proc shows of the daemon: the name of the program, and nothing that it holds.
process=$(processes opx-authd | head -n 1)
for secret in mem environ maps auxv fd/0 stack syscall; do refused_to_other cat "/proc/$process/$secret"; done
refused_to_other ls "/proc/$process/fd"
refused_to_other kill -TERM "$process"
refused_to_other kill -STOP "$process"
refused_to_other prlimit --pid "$process" --core=unlimited
as_other cat "/proc/$process/cmdline" >"$OUT"
stdout_lacks 'a-value|token'

# A file that is written where others may put something first: in a directory like /tmp a link of theirs is no way to another file.
mkdir -m 1777 "$SCRATCH/shared"
as_me touch "$HOME/precious"
as_other ln -s "$HOME/precious" "$SCRATCH/shared/value"
fails as_me opx read -o "$SCRATCH/shared/value" op://v/i/f
is "$(bytes "$HOME/precious")" 0
expect 0 as_me opx read -o "$SCRATCH/shared/mine" op://v/i/f
mode_is "$SCRATCH/shared/mine" -rw-------
refused_to_other cat "$SCRATCH/shared/mine"

# It is none the worse for it.
prints a-value-that-nobody-else-gets as_me opx read op://v/i/f
expect 0 as_me opx daemon stop
nowhere a-value-that-nobody-else-gets
