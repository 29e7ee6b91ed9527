# needs linux
# Pitfall 38, read off the kernel: the same lines of /proc/self/status with and without opx, as a shell starts it and under nohup-like settings.
start_daemon
cat >look <<'END'
grep -E '^Sig(Blk|Ign|Cgt|Pnd)|^ShdPnd|^NoNewPrivs|^Groups|^Uid' /proc/self/status
grep -E 'core|files|processes|data' /proc/self/limits
umask
END
compare() {
    "$@" sh look >plain
    "$@" opx run --env T=op://v/i/f -- sh look >through
    same plain through
}
compare env
compare sh -c 'trap "" HUP; exec "$@"' sh
compare sh -c 'trap "" HUP INT QUIT TERM USR1; exec "$@"' sh
compare sh -c 'umask 027; ulimit -c 0; ulimit -n 200; exec "$@"' sh

# Open files of the client do not reach the command.
ls -l /proc/self/fd | wc -l >plain
opx run --env T=op://v/i/f -- sh -c 'ls -l /proc/self/fd | wc -l' >through
same plain through
