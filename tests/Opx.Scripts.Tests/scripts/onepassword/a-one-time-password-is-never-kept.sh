use_op
put 'op://v/i/otp?attribute=otp' 111111
start_daemon
prints 111111 opx read 'op://v/i/otp?attribute=otp'
put 'op://v/i/otp?attribute=otp' 222222
prints 222222 opx read 'op://v/i/otp?attribute=otp'
is "$(counter cache_size)" 0
