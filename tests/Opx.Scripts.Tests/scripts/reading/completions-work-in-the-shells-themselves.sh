# What a shell offers is asked of the shell. bash is on every machine; zsh and fish where they are installed, as on CI.
completes() { # completes SHELL LINE WORD…: those are among what is offered
    shell=$1 line=$2
    shift 2
    "offer_$shell" "$line" >"$OUT" 2>"$ERR" || fail "$shell: $line"
    for word; do grep -qxF -e "$word" "$OUT" || fail "$shell offers no $word for '$line'"; done
}
offer_bash() {
    bash -c 'eval "$(opx completion bash)"; read -ra COMP_WORDS <<<"$1"; [[ "$1" == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _opx; printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}
offer_zsh() {
    # The words that _describe, compadd and _files would offer; what they do with them is zsh's.
    zsh -fc 'compdef() { : }; compset() { : }; _describe() { print -l -- ${${(P)2}%%:*} }; compadd() { shift; print -l -- "$@" }; _files() { print -l -- ${words[CURRENT]}*(N) }
        eval "$(opx completion zsh)"; words=("${(@s: :)1}"); CURRENT=${#words}; _opx' zsh "$1"
}
# types SHELL LINE: what the shell runs when that is typed on a terminal, the tab key at its end.
types() {
    rm -f ran
    for keys in '' "$2"; do
        [ -z "$keys" ] || printf '%s\t\r' "$keys"
        # The shell has drawn its prompt before anything is typed, and has run the line before it is closed.
        if [ -z "$keys" ]; then wait_for test -e ready; else wait_for test -e ran; fi
    done | "terminal_$1" >"$SCRATCH/screen" 2>&1 || true
    rm -f ready
    cat ran
}
terminal_bash() {
    printf '%s\n' 'eval "$(opx completion bash)"; opx() { printf "%s\n" "$*" >ran; }' 'PROMPT_COMMAND=": >ready"' >rc.bash
    TERM=dumb script -qec 'bash --noprofile --rcfile rc.bash -i' /dev/null
}
terminal_zsh() {
    mkdir -p zdot
    printf '%s\n' 'autoload -U compinit; compinit -u -D; eval "$(opx completion zsh)"; opx() { print -r -- "$*" >ran }' \
        'precmd() { : >ready }' >zdot/.zshrc
    TERM=dumb ZDOTDIR=$PWD/zdot script -qec 'zsh -d -i' /dev/null
}
offer_fish() { fish --no-config -c 'opx completion fish | source; complete -C $argv[1] | string replace -r "\t.*" ""; true' -- "$1"; }

opx completion bash >c.bash && bash -n c.bash
shells=bash
if command -v zsh >/dev/null; then opx completion zsh >_opx && zsh -n _opx && shells="$shells zsh"; fi
if command -v fish >/dev/null; then opx completion fish >c.fish && fish -n c.fish && shells="$shells fish"; fi
echo "shells: $shells"
: >secrets.env
: >'name with blanks.env'
mkdir folder
: >folder/within
for shell in $shells; do
    completes "$shell" 'opx se' service
    completes "$shell" 'opx service ' install uninstall status logs start stop
    completes "$shell" 'opx doctor --' --json --fix --yes
    completes "$shell" 'opx resolve --format ' env export json null
    completes "$shell" 'opx run --env-file secr' secrets.env
    completes "$shell" 'opx --account work dae' daemon
    completes "$shell" 'opx login vault --method ' token userpass approle kubernetes jwt cert oidc
done
for shell in $shells; do
    # fish answers for its own line; the two others are typed into.
    if [ "$shell" = fish ]; then
        completes fish 'opx login vault --method=kub' --method=kubernetes
        completes fish 'opx resolve --format=ex' --format=export
    elif command -v script >/dev/null; then
        is "$(types "$shell" 'opx login vault --method=kub')" 'login vault --method=kubernetes'
        is "$(types "$shell" 'opx login bao --method kub')" 'login bao --method kubernetes'
        is "$(types "$shell" 'opx resolve --format=ex')" 'resolve --format=export'
        is "$(types "$shell" 'opx run --env-file=secr')" 'run --env-file=secrets.env'
        is "$(types "$shell" 'opx run --env-file nam')" 'run --env-file name with blanks.env'
        # zsh takes the slash away again where nothing is typed behind it.
        is "$(types "$shell" 'opx inject -i fold' | sed 's|/$||')" 'inject -i folder'
    fi
done
no_daemon || fail "completion started a daemon"
