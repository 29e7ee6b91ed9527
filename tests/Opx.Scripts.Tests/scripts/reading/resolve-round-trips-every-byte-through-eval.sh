# Pitfalls 10, 11, 14: trailing newlines, NAME= lines, quotes, dollars, backquotes, CRLF, control bytes, bidi marks, order.
use_op
put op://v/i/newlines "one${NL}two${NL}${NL}${NL}"
put op://v/i/assignment "x${NL}B=stolen${NL}PATH=/nowhere${NL}"
# shellcheck disable=SC2016 # as it stands
put op://v/i/shell '$(touch pwned) `touch pwned` "$HOME" '\''; touch pwned; # \ !'
put op://v/i/crlf "a$(printf '\r')${NL}b$(printf '\r')${NL}"
put op://v/i/control "$(printf '\001\002\033[31m\177 \t x')"
put op://v/i/template '{{ op://v/i/shell }}'
put op://v/i/bidi "$(printf 'a\342\200\256b\342\200\217c \303\251')"
put op://v/i/empty-looking "   "
head -c 65536 /dev/zero | tr '\0' k >big
put_file op://v/i/big big

names='newlines assignment shell crlf control template bidi empty-looking big'
set --
for name in $names; do set -- "$@" "V_$(echo "$name" | tr - _)=op://v/i/$name"; done

for format in env export; do
    expect 0 opx resolve --format "$format" "$@"
    stderr_empty
    cp "$OUT" resolved
    for name in $names; do
        variable=V_$(echo "$name" | tr - _)
        env -i PATH="$PATH" sh -c 'eval "$(cat resolved)"; eval "printf %s \"\$$1\""' sh "$variable" >got
        same "$OP/values/v/i/$name.value" got
    done
    missing pwned
done

# `export` really exports.
env -i PATH="$PATH" sh -c 'eval "$(cat resolved)"; exec sh -c "printf %s \"\$V_template\""' >got
same "$OP/values/v/i/template.value" got

# Order given is order printed.
expect 0 opx resolve Z=op://v/i/template A=op://v/i/template M=op://v/i/template
is "$(cut -d= -f1 "$OUT" | tr '\n' ' ')" "Z A M "

# `null`: NAME=value and a NUL each.
expect 0 opx resolve --format null A=op://v/i/newlines B=op://v/i/template
printf 'A=one\ntwo\n\n\n\0B={{ op://v/i/shell }}\0' >want
same want "$OUT"

expect 0 opx resolve --format json A=op://v/i/template
stdout_has '"A": ?"\{\{ op://v/i/shell \}\}"'
