# shellcheck disable=SC2016 # nothing is to be expanded
use_op
mkdir -p "$OP/values/v/i"
for ref in 'op://v/i/$(touch pwned)' 'op://v/i/`touch pwned`' 'op://v/i/f;touch pwned' 'op://v/i/$HOME' 'op://v/i/f}} {{ op://v/i/g' "op://v/i/f' x"; do
    fails opx read "$ref"
    stdout_empty
done
for place in . "$HOME" "$SCRATCH" "$OP"; do missing "$place/pwned"; done
