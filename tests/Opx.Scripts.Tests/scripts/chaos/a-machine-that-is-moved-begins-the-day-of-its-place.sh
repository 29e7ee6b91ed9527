# needs root
# needs linux
# needs program zic
# seconds: 90
# /etc/localtime itself, in a mount namespace of the script's own: where the machine is moved over midnight, a running daemon begins the day of its place,
# though no variable names a zone; and whoever looks for denials from there finds those of the day before.
AS_ME=here
unshare -m --propagation private sleep 600 &
place=$!
HELPERS=$place
elsewhere() { [ "$(readlink "/proc/$place/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ]; }
wait_for elsewhere
in_place() { nsenter -t "$place" -m "$@"; }
here() { in_place setpriv --reuid="$MY_UID" --regid="$MY_UID" --clear-groups "$@"; }
# An /etc of links to what is in the real one, in which the link that is the machine's zone can be replaced.
mkdir "$SCRATCH/etc"
in_place mount --bind /etc "$SCRATCH/etc" || not_run "nothing can be mounted here"
in_place mount -t tmpfs -o mode=0755 tmpfs /etc
in_place sh -c 'ln -s "$1"/* /etc/' sh "$SCRATCH/etc"

# move SECONDS: so far east of Greenwich from here on.
east() { awk -v s="$1" 'BEGIN { m = s < 0 ? -s : s; printf "%s%d:%02d", s < 0 ? "-" : "", m / 3600, m % 3600 / 60 }'; }
move() {
    printf 'Zone at%s %s - XXX\n' "$1" "$(east "$1")" >zone.txt
    zic -d "$SCRATCH/zones" zone.txt
    chmod -R a+rX "$SCRATCH/zones"
    in_place ln -s "$SCRATCH/zones/at$1" /etc/localtime.new
    in_place mv -T /etc/localtime.new /etc/localtime
}
day() { date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%d; }
# Half past eleven, or nearly, and an hour east of there.
west=$((((84600 - $(date +%s) / 60 * 60) % 86400 + 86400 + 43200) % 86400 - 43200))
east=$((west + 3600))
move "$west"
one=$(day "$west") two=$(day "$east")

settings '{"backend":"fake","enable_audit_log":true}'
policy '{"allow":[{"path":"/nowhere","refs":["op://v/private/f"]}]}'
chown -R "$MY_UID:$MY_UID" "$HOME/.config"
expect 3 here sh -c 'opx read op://v/private/f; exit $?'
rm "$CONFIG/policy.json"
usual
is "$(cd "$DATA" && echo audit-*.log)" "audit-$one.log"
move "$east"
back
wait_for test -e "$DATA/audit-$two.log"
back
is "$(cd "$DATA" && echo audit-*.log)" "audit-$one.log audit-$two.log"
expect 0 here opx audit verify
stdout_has 'the audit log is intact'
# An hour ago is today here, and was yesterday there.
move $((east + 3600))
expect 0 here opx audit --since 20m
stdout_has 'op://v/private/f'
one_daemon
expect 0 here opx daemon stop
