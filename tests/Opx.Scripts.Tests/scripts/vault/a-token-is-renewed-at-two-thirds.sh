# seconds: 90
use_op
use_vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
user me p4ss-word-4 app '"token_ttl":"6s","token_max_ttl":"1h"'
put op://Work/vault/username me
put op://Work/vault/password p4ss-word-4
start_daemon --ttl 0
expect 0 opx login vault --username-ref=op://Work/vault/username --password-ref=op://Work/vault/password
renewed() { [ "$(asked renewals)" -ge 2 ]; }
wait_for renewed
prints value opx read 'vault://secret/app#k'
was_asked logins 1
# A renewal that is refused leads to a login, at the latest when somebody reads.
ask 'fault?kind=error&status=400&message=lease+is+not+renewable&path=auth/token/renew-self'
ended() { [ "$(ask tokens)" = 0 ] || [ "$(asked logins)" -ge 2 ]; }
wait_for ended
prints value opx read 'vault://secret/app#k'
[ "$(asked logins)" -ge 2 ] || fail "no second login"
