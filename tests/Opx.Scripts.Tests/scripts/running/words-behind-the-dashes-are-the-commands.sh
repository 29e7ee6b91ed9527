# Pitfall 22: not even --account, --env, --help or a reference among them is looked at.
start_daemon
expect 0 opx run --env T=op://v/i/f -- printf '%s|' --account=mine --account other --env X=op://v/i/g --help -- op://v/i/h '' 'a b' '*' --version
stdout_is_exactly '--account=mine|--account|other|--env|X=op://v/i/g|--help|--|op://v/i/h||a b|*|--version|'
stderr_empty
expect 0 opx --account=one run --env T=op://v/i/f -- sh -c 'echo "$T" "$@"' sh --account=two
stdout_is "$(fake op://v/i/f --account=one) --account=two"
