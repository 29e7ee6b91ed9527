start_daemon
openssl x509 -in "$DATA/tls.crt" -noout -text >text
grep -qE 'prime256v1|P-256' text || fail "another key: $(cat text)"
grep -qE 'Subject:.*CN ?= ?op-authd-local' text || fail "another subject"
grep -q 'DNS:op-authd-local' text || fail "no op-authd-local"
grep -q 'DNS:localhost' text || fail "no localhost"
openssl x509 -in "$DATA/tls.crt" -noout -checkend $((330 * 86400)) >/dev/null || fail "too short"
if openssl x509 -in "$DATA/tls.crt" -noout -checkend $((370 * 86400)) >/dev/null; then fail "too long"; fi

# TLS 1.3 and 1.2, nothing older.
hello() { openssl s_client -unix "$SOCKET" "$1" -CAfile "$DATA/tls.crt" -verify_return_error </dev/null >"$OUT" 2>"$ERR"; }
hello -tls1_3 || fail "no TLS 1.3"
hello -tls1_2 || fail "no TLS 1.2"
if hello -tls1_1; then fail "TLS 1.1 is accepted"; fi
