use_op
put op://Work/api/token value
meets() { expect "$1" opx read "$2"; one_error "$2"; }
meets 4 op://Nowhere/api/token
meets 4 op://Work/nothing/token
meets 4 op://Work/api/nothing
printf 'More than one item matches "api". Try again' >"$OP/values/Work/api/twice.error"
meets 4 op://Work/api/twice
# Pitfall 8: on no stream is the tool's own error passed off as a value.
expect 4 opx read -n op://Work/nothing/token
stdout_empty
