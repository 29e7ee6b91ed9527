start_daemon
ref() { api POST /v1/read --data-binary "{\"ref\":\"$1\"}"; problem 400 unsupported_ref; }
ref '-op://v/i/f'
ref '--account=x'
ref 'op://v/../f'
ref 'op://../i/f'
ref 'op://v/i/a\nb'
ref 'op://v/i/a\u001bb'
ref 'op://v/i/a\u0085b'
ref 'gcp://v/i/f'
ref 'file:///etc/passwd'
ref ''
ref "op://v/i/$(head -c 5000 /dev/zero | tr '\0' a)"
ref "op://v/i/$(head -c 1100 /dev/zero | tr '\0' a)"

flag() { api POST /v1/read --data-binary "{\"ref\":\"op://v/i/f\",\"flags\":[\"$1\"]}"; problem 400 unsupported_flag; }
flag '--session=x'
flag '--account'
flag '--account='
flag '--account=-x'
flag '--account=a b'
flag '--config=/etc/passwd'
flag '; touch pwned'
flag '--account=a\n--debug'
missing pwned
