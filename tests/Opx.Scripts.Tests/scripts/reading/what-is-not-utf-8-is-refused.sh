# Bytes that are no UTF-8 are not taken for other bytes: neither in a reference, nor in the name of a file, nor in HOME.
start_daemon
bad=$(printf 'f\377')
expect 2 opx read "op://v/i/$bad"
one_error 'not UTF-8'
expect 2 opx read op://v/i/f -o "$bad"
one_error 'not UTF-8'
expect 2 opx run --env-file "$bad" -- true
one_error 'not UTF-8'
is "$(ls)" ""
printf 'A=op://v/i/%s\n' "$bad" >a.env
expect 2 opx run --env-file a.env -- true
one_error 'not UTF-8'
# What is meant for a child is the child's, as is what it inherits.
expect 0 opx run -- printf %s "$bad"
is "$(od -An -tx1 "$OUT" | tr -d ' \n')" 66ff
A="op://v/i/$bad" expect 0 opx run -- sh -c 'printf %s "$A"'
printf 'op://v/i/f\377' >inherited
same inherited "$OUT"
# One sign that says so in UTF-8 itself is a name like any other.
sign=$(printf 'f\357\277\275')
expect 0 opx read op://v/i/f -o "$sign"
exists "$sign"
mkdir "$SCRATCH/h$bad"
HOME=$SCRATCH/h$bad expect 1 opx read op://v/i/f
one_error 'HOME is .*not UTF-8'
HOME=$SCRATCH/h$bad expect 1 opx-authd
stderr_has 'HOME is .*not UTF-8'
is "$(ls -A "$SCRATCH/h$bad")" ""
is "$(ls -d "$SCRATCH"/h* | wc -l | tr -d ' ')" 2
