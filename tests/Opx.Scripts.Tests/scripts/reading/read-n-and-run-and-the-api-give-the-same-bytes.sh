# The same values, byte for byte, on every way out of opx.
use_op
put op://v/i/newlines "one${NL}two${NL}${NL}${NL}"
put op://v/i/assignment "x${NL}B=stolen${NL}"
put op://v/i/control "$(printf '\001\002\033[31m\177 \t x\r\n')"
put op://v/i/template '{{ op://v/i/newlines }}'
put op://v/i/bidi "$(printf 'a\342\200\256b\342\200\217c')"
printf 'not utf-8: \377\376\200' >bytes
put_file op://v/i/bytes bytes
head -c 65536 /dev/zero | tr '\0' k >big
put_file op://v/i/big big

for name in newlines assignment control template bidi bytes big; do
    expect 0 opx read -n "op://v/i/$name"
    same "$OP/values/v/i/$name.value" "$OUT"
    expect 0 opx read --fresh -n -o file "op://v/i/$name"
    same "$OP/values/v/i/$name.value" file
    # shellcheck disable=SC2016 # the child's variable
    expect 0 opx run --env V="op://v/i/$name" -- sh -c 'printf %s "$V"'
    same "$OP/values/v/i/$name.value" "$OUT"
done

# A value that ends with its own newline gets no second one; one without gets one.
expect 0 opx read op://v/i/newlines
same "$OP/values/v/i/newlines.value" "$OUT"
expect 0 opx read op://v/i/template
stdout_is '{{ op://v/i/newlines }}'

api POST /v1/read -d '{"ref":"op://v/i/newlines"}'
answers 200
body_has '"value":"one\\ntwo\\n\\n\\n"'
api POST /v1/reads -d '{"refs":["op://v/i/newlines","op://v/i/assignment"]}'
answers 200
body_has '"value":"one\\ntwo\\n\\n\\n"'
body_has '"value":"x\\nB=stolen\\n"'
api POST /v1/read -d '{"ref":"op://v/i/bytes"}'
body_has '"value":""'
body_has "\"value_base64\":\"$(openssl base64 -A -in bytes | sed 's/+/(\\\\\\\\u002B|[+])/g')\""
