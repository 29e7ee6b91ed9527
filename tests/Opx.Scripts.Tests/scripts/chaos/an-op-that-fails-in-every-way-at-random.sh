# seconds: 120
# Every failure that backends.md lists, one after the other by chance, under load: a value or a typed error, never something else; and when op is
# well again, so is opx, at the latest when the time is over for which it said that it leaves op alone.
use_op
mkdir "$OP/values/v"
for number in 0 1 2 3 4 5; do put "op://v/i$number/f" "$(fake "op://v/i$number/f")"; done
start_daemon --ttl 1
usual
set -- op://v/i0/f op://v/i1/f op://v/i2/f op://v/i3/f op://v/i4/f op://v/i5/f
callers 4 "$@"
mode() { printf '%s' "$1" >"$OP/mode.new"; mv "$OP/mode.new" "$OP/mode"; }
for chance in $(chances $((12 * CHAOS)) 23); do
    case $chance in
    0) mode 'message [ERROR] something else' ;;
    1) mode no-session ;;
    2) mode no-account ;;
    3) mode empty-client-error ;;
    4) mode dismissed ;;
    5) mode prompt-timeout ;;
    6) mode 'rate-limited 1 seconds' ;;
    7) mode unavailable ;;
    8) mode cannot-setup ;;
    9) mode deadline ;;
    10) mode reset ;;
    11) mode unauthorized ;;
    12) mode forbidden ;;
    13) mode unknown ;;
    14) mode 'exit 77' ;;
    15) mode silent ;;
    16) mode crash ;;
    17) mode 'megabytes 17' ;;
    18) mode 'noisy 2' ;;
    19) mode truncated ;;
    20) mode unresolved ;;
    21) mode 'message could not read secret: "v" isn'"'"'t a vault in this account' ;;
    22) mode signed-out ;;
    *) mode ok ;;
    esac
    sleep 0.25
done
mode ok
back 16000
# Nobody is left behind in a queue, and what could not be found is only remembered for five seconds.
sleep 5
quiet_from_here
end_callers
prints "$(fake op://v/i5/f)" opx read --fresh op://v/i5/f
stop_daemon
