# Environment < first file < second file < --env. References in the environment are resolved unless --no-env-refs.
start_daemon
echo 'V=op://v/i/one' >one.env
echo 'V=op://v/i/two' >two.env
export V=op://v/i/environment
show() { expect 0 opx run "$@" -- sh -c 'echo "$V"'; stderr_empty; }
show
stdout_is "$(fake op://v/i/environment)"
show --no-env-refs
stdout_is op://v/i/environment
show --env-file one.env
stdout_is "$(fake op://v/i/one)"
show --env-file one.env --env-file two.env
stdout_is "$(fake op://v/i/two)"
show --env-file two.env --env-file one.env
stdout_is "$(fake op://v/i/one)"
show --env V=op://v/i/option --env-file two.env
stdout_is "$(fake op://v/i/option)"

# A text that only contains a reference is no reference.
export V='see op://v/i/f'
show
stdout_is 'see op://v/i/f'
