# needs linux
# A write that the system refuses is an error, never a silent success: /dev/full, and a limit on the size of files.
start_daemon
code=0
opx read op://Work/api/token >/dev/full 2>"$ERR" || code=$?
is "exit $code" "exit 1"
is "$(wc -l <"$ERR" | tr -d ' ')" 1
stderr_has '^opx: '
stderr_lacks "$(fake op://Work/api/token)"
