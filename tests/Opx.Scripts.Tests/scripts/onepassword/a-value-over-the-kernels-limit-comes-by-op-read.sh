# needs linux
# `op run` cannot hand 140,000 bytes to `env -0` (E2BIG); the rest of its batch must not suffer.
use_op
head -c 140000 /dev/zero | tr '\0' k >big
put_file op://v/i/big big
put op://v/i/a A
put op://v/i/b B
expect 0 opx read --json op://v/i/a op://v/i/big op://v/i/b
stdout_has '"A"'
stdout_has '"B"'
expect 0 opx read -n op://v/i/big
same big "$OUT"
