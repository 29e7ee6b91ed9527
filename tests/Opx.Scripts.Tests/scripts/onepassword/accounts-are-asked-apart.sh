# Pitfall 15.
use_op
mkdir -p "$OP/accounts/work/values/v/i" "$OP/accounts/home/values/v/i"
printf at-work >"$OP/accounts/work/values/v/i/f.value"
printf at-home >"$OP/accounts/home/values/v/i/f.value"
start_daemon
prints at-work opx read --account work op://v/i/f
prints at-home opx read --account=home op://v/i/f
prints at-work opx read --account work op://v/i/f
expect 5 opx read --account nobody op://v/i/f
stdout_empty
