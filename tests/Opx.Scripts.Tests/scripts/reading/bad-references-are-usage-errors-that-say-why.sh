start_daemon
bad() { expect 2 opx read "$1"; one_error "$2"; }
bad 'gcp://project/secret' 'scheme'
bad 'op://vault/../../etc/passwd' "'\.\.'"
bad "op://v/i/$(printf 'a\nb')" 'control'
bad "op://v/i/$(printf 'a\033[31mb')" 'control'
bad "op://v/i/$(head -c 5000 /dev/zero | tr '\0' a)" '1024|long'
bad '' 'empty|reference'

# A leading dash is an option that does not exist, or, behind --, a reference that cannot be.
expect 2 opx read --op://v/i/f
stdout_empty
expect 2 opx read -- -x://v/i/f
stdout_empty
stderr_has '^opx: '

# The terminal gets no control character of it.
expect 2 opx read "op://v/i/$(printf 'a\033[31mb')"
if LC_ALL=C grep -q "$(printf '\033')" "$ERR"; then fail "an escape sequence reached the terminal"; fi
