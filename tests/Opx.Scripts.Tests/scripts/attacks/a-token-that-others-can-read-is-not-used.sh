start_daemon
chmod 644 "$DATA/token"
fails opx read op://v/i/f
stdout_empty
stderr_has 'token'
stderr_has '0?600'
chmod 600 "$DATA/token"
prints "$(fake op://v/i/f)" opx read op://v/i/f
stop_daemon
mv "$DATA/token" real
ln -s "$PWD/real" "$DATA/token"
fails opx-authd
stderr_has 'token'
