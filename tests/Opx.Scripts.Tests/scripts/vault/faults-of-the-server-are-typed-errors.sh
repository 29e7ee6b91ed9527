# seconds: 150
# Each fault of the server is an error of its own kind, the next read is well again, and no raw output of the server is shown.
use_vault
secret app '{"k":"the-value-itself"}'
rule app 'secret/data/app' read
token=$(token_for app)
export VAULT_TOKEN="$token"
# A breaker that opens would answer in place of the server: each fault meets a daemon of its own.
meets() {
    what=$1 exit=$2 words=$3 kind=$4
    start_daemon --ttl 0
    prints the-value-itself opx read 'vault://secret/app#k'
    ask "fault?path=secret/&$what"
    expect "$exit" opx read 'vault://secret/app#k'
    one_error "$words"
    stderr_lacks 'nginx|html|raw|errors'
    stderr_lacks "$token"
    stderr_lacks "$(printf '\033')"
    api POST /v1/read -d '{"ref":"vault://secret/app#k","fresh":true}'
    body_has "\"code\":\"$kind\""
    ask mend
    stop_daemon
}

meets 'kind=sealed' 6 sealed backend_unavailable
meets 'kind=html' 6 . backend_error
meets 'kind=short' 6 . backend_error
meets 'kind=half' 6 . 'backend_(unavailable|error)'
meets 'kind=reset' 6 . backend_unavailable
meets 'kind=error&status=500' 6 . 'backend_(error|unavailable)'
meets 'kind=error&status=412' 6 . 'backend_(error|unavailable)'
meets 'kind=error&status=400&message=raw+words' 6 . backend_error
meets 'kind=error&status=400&message=%1b%5b2J%0araw' 6 . backend_error
meets 'kind=html&status=502' 6 . 'backend_(error|unavailable)'
meets 'kind=large&bytes=40000000' 2 'larger than 16 MiB' too_large
meets 'kind=redirect&to=http://127.0.0.1:1' 6 . 'backend_(error|unavailable)'
# Two tries more are spent on what may pass, and none on what will not.
start_daemon --ttl 0
ask 'fault?kind=error&status=503&path=secret/&times=2'
prints the-value-itself opx read 'vault://secret/app#k'
stop_daemon
nowhere "$token" the-value-itself
