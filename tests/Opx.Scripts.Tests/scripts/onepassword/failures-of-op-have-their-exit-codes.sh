# seconds: 120
# One daemon for each mode, so that none is answered by what an earlier one left (a lock, a circuit, a remembered failure).
use_op
put op://v/i/f value
meets() {
    printf '%s' "$1" >"$OP/mode"
    start_daemon
    expect "$2" opx read op://v/i/f
    one_error "$3"
    stderr_lacks 'moon|[[]ERROR[]]|Unhandled|   at '
    api POST /v1/read -d '{"ref":"op://v/i/f"}'
    body_has "\"code\":\"$4"
    stop_daemon
}
meets signed-out 5 'sign' '(sign_in_required|session_locked)"'
meets no-account 5 'sign|account' '(sign_in_required|session_locked)"'
meets empty-client-error 5 'sign' '(sign_in_required|session_locked)"'
meets dismissed 5 'dismissed|prompt' 'prompt_dismissed"'
meets prompt-timeout 5 'prompt|time' 'prompt_dismissed"'
meets rate-limited 6 'rate|limit|retry|again' 'rate_limited"'
meets unavailable 6 'unavailable|1Password|app' 'backend_unavailable"'
meets reset 6 '.' 'backend_unavailable"'
meets unauthorized 5 'sign' '(sign_in_required|session_locked)"'
meets forbidden 3 'den(y|ies|ied)|permission' 'access_denied"'
meets unknown 6 '.' 'backend_error"'
meets crash 6 '.' 'backend_error"'
meets silent 6 '.' 'backend_error"'
meets truncated 6 '.' 'backend_error"'
meets noisy 6 '.' 'backend_error"'
