# needs linux
start_daemon
grep -E '^Max core file size +1 ' "/proc/$DAEMON/limits" || fail "$(grep core "/proc/$DAEMON/limits")"
is "$(grep ^Umask: "/proc/$DAEMON/status" | tr -d '\t ')" Umask:0077
# The kernel gives the files of a process that is not dumpable to root.
if [ "$OWN_UID" = yes ]; then is "$(stat -c %u "/proc/$DAEMON/environ")" 0; fi
if cat "/proc/$DAEMON/environ" >/dev/null 2>&1; then fail "its environment can be read"; fi
