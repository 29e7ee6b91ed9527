# Pitfall 11, in one batch: a line NAME=… in a value does not reach another secret.
use_op
put op://v/i/evil "x${NL}OPX_1=stolen${NL}OPX_2=stolen${NL}B=stolen${NL}A=stolen"
put op://v/i/a honest-a
put op://v/i/b honest-b
expect 0 opx resolve --format null A=op://v/i/a E=op://v/i/evil B=op://v/i/b
printf 'A=honest-a\0E=x\nOPX_1=stolen\nOPX_2=stolen\nB=stolen\nA=stolen\0B=honest-b\0' >want
same want "$OUT"
