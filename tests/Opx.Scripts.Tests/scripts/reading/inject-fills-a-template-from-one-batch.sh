start_daemon
cat >template <<'END'
user: {{ op://v/i/user }}
again: {{op://v/i/user}} and {{ op://v/i/password }}
not one: { op://v/i/x } {{ nothing }}
END
expect 0 opx inject -i template -o filled
silent
grep -q "^user: $(fake op://v/i/user)\$" filled || fail "$(cat filled)"
grep -q "^again: $(fake op://v/i/user) and $(fake op://v/i/password)\$" filled || fail "$(cat filled)"
mode_is filled -rw-------
is "$(counter batches)" 1

# From a pipe to a pipe, without a newline of its own.
printf 'a={{ op://v/i/user }}' | opx inject >piped
printf 'a=%s' "$(fake op://v/i/user)" >want
same want piped

# What a value holds is never filled a second time, and a failure writes nothing.
expect 2 opx inject -i /dev/stdin -o none <<'END'
{{ op://v/../x }}
END
missing none
stdout_empty

# What never ends is not read for ever.
expect 2 opx inject -i /dev/zero
one_error 'is larger than 16 MiB'
expect 2 sh -c 'opx inject </dev/zero'
one_error 'is larger than 16 MiB'
