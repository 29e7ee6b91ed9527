start_daemon
expect 127 opx run --env T=op://v/i/f -- no-such-command-anywhere
one_error 'no-such-command-anywhere'
expect 127 opx run --env T=op://v/i/f -- ./no-such-file
one_error 'no-such-file'
echo 'echo never' >plain
chmod 600 plain
expect 126 opx run --env T=op://v/i/f -- ./plain
one_error 'plain'
mkdir directory
expect 126 opx run --env T=op://v/i/f -- ./directory
one_error 'directory'
