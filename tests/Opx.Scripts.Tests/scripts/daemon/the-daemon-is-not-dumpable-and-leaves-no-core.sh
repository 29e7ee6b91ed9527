# needs linux
start_daemon
grep -E '^Max core file size +0 ' "/proc/$DAEMON/limits" || fail "$(grep core "/proc/$DAEMON/limits")"
is "$(grep ^Umask: "/proc/$DAEMON/status" | tr -d '\t ')" Umask:0077
# The kernel gives the files of a process that is not dumpable to root.
if [ "$OWN_UID" = yes ]; then is "$(stat -c %u "/proc/$DAEMON/environ")" 0; fi
if cat "/proc/$DAEMON/environ" >/dev/null 2>&1; then fail "its environment can be read"; fi

# And a crash is carried out, with a value in its memory, by each signal that dumps; the runtime's own dumps were asked for too.
stop_daemon
# shellcheck disable=SC3045 # there is no other word for it
ulimit -S -c unlimited || not_run "core files are forbidden here (hard limit)"
export DOTNET_DbgEnableMiniDump=1 DOTNET_DbgMiniDumpType=4 DOTNET_DbgMiniDumpName="$PWD/core.runtime" DOTNET_CreateDumpDiagnostics=1
for signal in SEGV ABRT SYS; do
    start_daemon
    prints "$(fake op://v/i/f)" opx read op://v/i/f
    # More than once: the runtime takes a SIGSEGV that no instruction of its own made for a passing matter.
    killed() { kill "-$signal" "$DAEMON"; gone "$DAEMON"; }
    wait_for killed
    wait "$DAEMON" && fail "it ended well"
    find . "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" -name '*core*' >dumps
    same /dev/null dumps
done
