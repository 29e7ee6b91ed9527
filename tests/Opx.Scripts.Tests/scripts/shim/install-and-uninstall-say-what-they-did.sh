use_op
put op://v/i/f value
echo "#!/bin/sh" >other && chmod +x other
expect 0 opx shim install
stdout_has "^$HOME/.local/bin/op leads to $SCRATCH/bin/opx\$"
stdout_has "^put $HOME/.local/bin before $SCRATCH/double on PATH"
stdout_has "^what opx does not answer goes to $SCRATCH/double/op\$"
export PATH="$HOME/.local/bin:$PATH"
expect 0 opx shim install
stdout_has 'is opx already'
stdout_lacks '^put '
expect 0 opx shim install --json
stdout_has '"is_first_on_path":true'
prints value op read op://v/i/f

# Also where the daemon is started through it, and everything else is op's own.
expect 0 opx daemon stop
prints value op read op://v/i/f
one_daemon
prints 2.39.0 op --version

# Somebody who brings an identity of their own gets it from op itself.
before=$(op_calls read)
prints value env OP_SERVICE_ACCOUNT_TOKEN=t op read op://v/i/f
is "$(op_calls read)" "$((before + 1))"

# A wrapper that leads back is an error, not a loop: by exec and by a child.
mkdir wrap
printf '#!/bin/sh\nexec op "$@"\n' >wrap/op
chmod +x wrap/op
expect 1 env PATH="$HOME/.local/bin:$PWD/wrap:/usr/bin:/bin" op --version
stderr_has 'leads back to it'
printf '#!/bin/sh\nop "$@"\nexit $?\n' >wrap/op
expect 1 env PATH="$HOME/.local/bin:$PWD/wrap:/usr/bin:/bin" op --version
stderr_has 'leads back to it'
expect 1 env PATH="$HOME/.local/bin:/usr/bin:/bin" op --version
stderr_has 'there is no other op on PATH'

# One that finds the real op in the end is a wrapper like any other: behind the drop-in or before it, by exec or by a child, and also where it is what
# the daemon calls as op. So is a copy of opx under that name.
wrapped() { # wrapped PATH: op, a version and a value with that path
    expect 0 opx daemon stop
    prints 2.39.0 env PATH="$1" op --version
    prints value env PATH="$1" timeout 30 op read op://v/i/f
    prints value env PATH="$1" T=op://v/i/f timeout 30 op run --no-masking -- printenv T
    one_daemon
}
base=$SCRATCH/bin:$SCRATCH/double:/usr/bin:/bin
for call in 'exec op "$@"' 'op "$@"; exit $?'; do
    printf '#!/bin/sh\n%s\n' "$call" >wrap/op
    wrapped "$HOME/.local/bin:$PWD/wrap:$base"
    printf '#!/bin/sh\nPATH=$(printf %%s "$PATH" | sed "s|%s:||")\n%s\n' "$PWD/wrap" "$call" >wrap/op
    wrapped "$PWD/wrap:$HOME/.local/bin:$base"
done
mkdir copy
cp "$SCRATCH"/bin/* copy/
mv copy/opx copy/op
wrapped "$PWD/copy:$base"
rm -r copy wrap
expect 0 opx daemon stop

# For the policy it is opx: the caller is whoever ran it.
program "$PWD/allowed"
program "$PWD/stranger"
only "$PWD/allowed" 'op://v/*'
prints value "$PWD/allowed" -c 'op read op://v/i/f; exit $?'
expect 1 "$PWD/stranger" -c 'op read op://v/i/f; exit $?'
stderr_has '^\[ERROR\] .* could not read secret .op://v/i/f.: '
expect 1 "$PWD/stranger" -c 'T=op://v/i/f op run -- printenv T; exit $?'
rm "$CONFIG/policy.json"

expect 0 opx shim uninstall
missing "$HOME/.local/bin/op"
# A link to an opx that is gone is replaced. What we may not look into is passed by.
ln -s "$SCRATCH/gone/opx" "$HOME/.local/bin/op"
mkdir closed
cp other closed/op
chmod 000 closed
expect 0 env PATH="$PWD/closed:$PATH" opx shim install
stdout_has "^$HOME/.local/bin/op leads to $SCRATCH/bin/opx\$"
chmod 700 closed
expect 0 opx shim uninstall
expect 0 opx shim uninstall
mkdir -p "$HOME/.local/bin"
cp other "$HOME/.local/bin/op"
expect 1 opx shim uninstall
one_error 'is another program'
expect 1 opx shim install
one_error 'is another program'
