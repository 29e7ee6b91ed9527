# Pitfall 26.
for words in --help -h --version 'read --help' 'resolve --help' 'run --help' 'inject --help' 'status --help' 'invalidate --help' \
    'daemon --help' 'daemon start --help' 'login --help' 'login 1password --help' 'completion --help' 'completion bash' 'completion zsh' 'completion fish'; do
    # shellcheck disable=SC2086 # words
    expect 0 opx $words
    [ -s "$OUT" ] || fail "opx $words printed nothing"
    stderr_empty
done
expect 0 opx-authd --help
expect 0 opx-authd --version
stdout_has '[0-9]+\.[0-9]+'
no_daemon || fail "a daemon was started"
missing "$SOCKET"
missing "$DATA/token"
