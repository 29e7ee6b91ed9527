# The peer is always opx. The rule is about who runs it, and never has to name opx.
program "$PWD/allowed"
program "$PWD/other"
start_daemon
only "$PWD/allowed" 'op://v/i/f'
reads ./allowed op://v/i/f
refused ./other op://v/i/f
refused ./allowed op://v/i/g
stderr_has "$PWD/allowed may not read it"
# All the ways of asking.
expect 3 ./other -c 'opx read op://v/i/f op://v/i/f; exit $?'
stdout_empty
expect 3 ./other -c 'opx resolve A=op://v/i/f; exit $?'
stdout_empty
expect 3 ./other -c 'A=op://v/i/f opx run -- env; exit $?'
stdout_empty
echo '{{ op://v/i/f }}' >template
expect 3 ./other -c 'opx inject -i template; exit $?'
stdout_empty
prints "$(fake op://v/i/f)" ./allowed -c 'A=op://v/i/f opx run -- printenv A; exit $?'
