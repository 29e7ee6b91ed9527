# seconds: 150
# The same for a Vault server: it is sealed, hangs, resets, cuts its answers short, answers as a proxy, forgets tokens; and is well again.
use_vault
number=0
set --
while [ "$number" -lt 6 ]; do
    reference="vault://secret/i$number#f"
    secret "i$number" "{\"f\":\"$(fake "$reference")\"}"
    set -- "$@" "$reference"
    number=$((number + 1))
done
rule app 'secret/data/*' read
VAULT_TOKEN=$(token_for app)
export VAULT_TOKEN
start_daemon --ttl 1
usual "$1"
callers 4 "$@"
for chance in $(chances $((12 * CHAOS)) 13); do
    ask mend
    case $chance in
    0) ask 'fault?kind=sealed&path=secret/' ;;
    1) ask 'fault?kind=html&path=secret/&status=502' ;;
    2) ask 'fault?kind=html&path=secret/' ;;
    3) ask 'fault?kind=short&path=secret/' ;;
    4) ask 'fault?kind=half&path=secret/' ;;
    5) ask 'fault?kind=reset&path=secret/' ;;
    6) ask 'fault?kind=error&status=500&path=secret/' ;;
    7) ask 'fault?kind=error&status=412&path=secret/' ;;
    8) ask 'fault?kind=error&status=400&message=raw+words&path=secret/' ;;
    9) ask 'fault?kind=error&status=403&message=permission+denied&path=secret/' ;;
    10) ask 'fault?kind=slow&seconds=0.2&path=secret/' ;;
    11) ask 'fault?kind=limit&seconds=1&path=secret/' ;;
    12) ask 'fault?kind=redirect&to=http://127.0.0.1:1&path=secret/' ;;
    *) ;;
    esac
    sleep 0.25
done
ask mend
began=$(now_ms)
until opx read --fresh "$1" >"$OUT" 2>"$ERR"; do
    [ $(($(now_ms) - began)) -lt $((16000 + 3 * USUAL)) ] || fail "it does not come back"
    sleep 0.02
done
echo "  back after $(($(now_ms) - began)) ms"
sleep 5
quiet_from_here
end_callers
stop_daemon
