use_op
put op://v/i/outer '{{ op://v/i/inner }}'
put op://v/i/inner SECRET
printf '%s' 'x={{ op://v/i/outer }}' >template
expect 0 opx inject -i template
stdout_is_exactly 'x={{ op://v/i/inner }}'

# One reference that is not there: no output, no file, its name in the message.
printf '%s' 'x={{ op://v/i/outer }} y={{ op://v/i/gone }}' >template
expect 4 opx inject -i template -o out
stdout_empty
stderr_has 'op://v/i/gone'
missing out
