# needs linux
# The kernel passes at most 128 KiB in one variable.
use_op
head -c 140000 /dev/zero | tr '\0' k >big
put_file op://v/i/big big
put op://v/i/small x
expect 1 opx run --env SMALL=op://v/i/small --env BIG=op://v/i/big -- touch ran
one_error 'BIG.*read -o|read -o.*BIG'
missing ran
expect 0 opx read -n -o file op://v/i/big
same big file
