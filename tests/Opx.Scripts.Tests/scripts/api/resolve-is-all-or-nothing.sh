use_op
put op://v/i/f value
start_daemon
api POST /v1/resolve -d '{"env":{"B":"op://v/i/f","A":"op://v/i/f"}}'
answers 200
body_has '"env":\{"B":"value","A":"value"\}'
api POST /v1/resolve -d '{"env":{"A":"op://v/i/f","BAD":"op://v/i/none"}}'
problem 404 not_found
body_has '"ref":"op://v/i/none"'
body_lacks '"value"|:"value'
api POST /v1/resolve -d '{"env":{"1A":"op://v/i/f"}}'
problem 400 bad_request
