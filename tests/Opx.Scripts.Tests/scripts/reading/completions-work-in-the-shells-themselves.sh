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
    zsh -fc 'compdef() { : }; _describe() { print -l -- ${${(P)2}%%:*} }; compadd() { shift; print -l -- "$@" }; _files() { print -l -- ${words[CURRENT]}*(N) }
        eval "$(opx completion zsh)"; words=("${(@s: :)1}"); CURRENT=${#words}; _opx' zsh "$1"
}
offer_fish() { fish --no-config -c 'opx completion fish | source; complete -C $argv[1] | string replace -r "\t.*" ""; true' -- "$1"; }

opx completion bash >c.bash && bash -n c.bash
shells=bash
if command -v zsh >/dev/null; then opx completion zsh >_opx && zsh -n _opx && shells="$shells zsh"; fi
if command -v fish >/dev/null; then opx completion fish >c.fish && fish -n c.fish && shells="$shells fish"; fi
echo "shells: $shells"
: >secrets.env
for shell in $shells; do
    completes "$shell" 'opx se' service
    completes "$shell" 'opx service ' install uninstall status logs start stop
    completes "$shell" 'opx doctor --' --json --fix --yes
    completes "$shell" 'opx resolve --format ' env export json null
    completes "$shell" 'opx run --env-file secr' secrets.env
    completes "$shell" 'opx --account work dae' daemon
done
no_daemon || fail "completion started a daemon"
