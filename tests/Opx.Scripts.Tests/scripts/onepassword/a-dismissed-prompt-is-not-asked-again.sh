use_op
put op://v/i/f value
echo dismissed >"$OP/mode"
start_daemon
expect 5 opx read op://v/i/f
is "$(op_calls read)$(op_calls run | sed 's/^0$//')" 1
echo ok >"$OP/mode"
prints value opx read op://v/i/f
