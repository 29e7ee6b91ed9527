start_daemon
expect 0 opx read -o secret op://Work/api/token
silent
is "$(cat secret)" "$(fake op://Work/api/token)"
mode_is secret -rw-------

# An existing file is replaced, and its looser mode does not stay.
echo old >other
chmod 644 other
expect 0 opx read -o other op://Work/api/token
is "$(cat other)" "$(fake op://Work/api/token)"
mode_is other -rw-------

expect 0 opx read -o shared --file-mode 0640 op://Work/api/token
mode_is shared -rw-r-----

# A directory that is not there: one line, and nothing is left.
expect 1 opx read -o no/such/place op://Work/api/token
one_error 'no/such/place'
is "$(ls | tr '\n' ' ')" "other secret shared "
