# Pitfall 8: an error never stands where a value belongs.
use_op
put op://v/i/f value
start_daemon
api POST /v1/reads -d '{"refs":["op://v/i/f","op://v/i/none","gcp://x/y"]}'
answers 200
body_has '"op://v/i/f":\{"ref":"op://v/i/f","value":"value"'
body_has '"op://v/i/none":\{"ref":"op://v/i/none","value":"","error":\{"code":"not_found","message":"[^"]+"\}\}'
body_has '"gcp://x/y":\{"ref":"gcp://x/y","value":"","error":\{"code":"unsupported_ref","message":"[^"]+"\}\}'
body_lacks 'ERROR'
