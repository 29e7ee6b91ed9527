# Known answers, made by hand: the first 16 hex digits of SHA-256 of "op://Work/api/token" and of "op://Work/api/token|--account=my".
start_daemon
prints "fake_$(printf 'op://Work/api/token' | openssl dgst -sha256 -r | cut -c1-16)" opx read op://Work/api/token
with_account=fake_$(printf 'op://Work/api/token|--account=my' | openssl dgst -sha256 -r | cut -c1-16)
prints "$with_account" opx read --account=my op://Work/api/token
prints "$with_account" opx read --account my op://Work/api/token
prints "$with_account" opx --account=my read op://Work/api/token
prints "$with_account" opx --account my read op://Work/api/token
