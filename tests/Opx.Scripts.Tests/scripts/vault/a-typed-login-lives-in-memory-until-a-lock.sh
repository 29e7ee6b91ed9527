use_vault
export OP_AUTHD_BACKEND=vault
secret app '{"k":"value"}'
rule app 'secret/data/app' read
token=$(token_for app)
approle ci app
id=$(secret_id ci)
printf '%s\n' "$token" >typed
printf '%s\n%s\n' "$ROLE_ID" "$id" >typed-approle
start_daemon --ttl 0
expect 5 opx read 'vault://secret/app#k'
one_error 'opx login vault'
expect 0 opx login vault <typed
stdout_has '^signed in to vault by token for '
stderr_empty
prints value opx read 'vault://secret/app#k'
expect 0 opx login status
stdout_has 'signed in by token .typed.'
missing "$CONFIG/config.json"

opx lock
expect 5 opx unlock
one_error 'opx login vault'
expect 5 opx read 'vault://secret/app#k'
expect 0 opx login vault --method approle <typed-approle
stdout_has 'by approle'
expect 0 opx unlock
prints value opx read 'vault://secret/app#k'
stop_daemon

# Nor does it outlive the daemon.
start_daemon
expect 5 opx read 'vault://secret/app#k'
missing "$CONFIG/config.json"
nowhere "$token" "$id"
# Nothing given is nothing tried.
expect 2 opx login vault
one_error 'nothing was tried'
was_asked failed_logins 0
