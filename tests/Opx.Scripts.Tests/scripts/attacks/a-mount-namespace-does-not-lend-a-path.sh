# needs linux
# Everybody can mount any file over any path in a namespace of one's own, and the kernel then tells that path.
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
reads ./allowed op://v/i/f
if ! unshare -rm true 2>/dev/null; then
    echo "this machine gives no namespaces to its users"
    exit 0
fi
cat >inside.sh <<'X'
mount --bind "$PWD/other" "$PWD/allowed"
"$PWD/allowed" -c 'readlink /proc/$$/exe; opx read op://v/i/f; exit $?'
X
code=0
unshare -rm sh inside.sh >"$OUT" 2>"$ERR" || code=$?
[ "$code" -ne 0 ] || fail "a mount made another program the allowed one"
grep -q 'fake_' "$OUT" && fail "the value came: $(cat "$OUT")"
is "$(cat "$OUT")" "$PWD/allowed"
