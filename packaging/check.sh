#!/bin/sh
# Everything that packages are made of, checked by the tools that read it. What is missing is installed from Debian's packages where root can;
# a check whose tool is not to be had says so, and fails on CI (CI=true).
set -u
cd "$(dirname "$0")/.." || exit
failed=0

# tool PACKAGE:COMMAND…
missing=
for pair in shellcheck:shellcheck mandoc:mandoc zsh:zsh fish:fish libxml2-utils:xmllint ruby:ruby nix-bin:nix-instantiate systemd:systemd-analyze; do
    command -v "${pair#*:}" >/dev/null || missing="$missing ${pair%%:*}"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # words
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >/dev/null 2>&1 \
        && echo "packaging: installed$missing"
fi

# check NAME TOOL COMMAND…
check() {
    name=$1 tool=$2
    shift 2
    if ! command -v "$tool" >/dev/null; then
        echo "packaging: $name: $tool is not installed"
        [ -z "${CI-}" ] || [ "$(uname -s)" != Linux ] || failed=1
        return
    fi
    if "$@" >.build/packaging.log 2>&1; then
        echo "packaging: $name: good"
    else
        echo "packaging: $name: FAILED"
        cat .build/packaging.log
        failed=1
    fi
}

units() {
    # systemd looks whether the programs are there.
    at=$(mktemp -d)
    chmod 700 "$at"
    cp -R packaging/systemd/. "$at/"
    sed -i "s|/usr/bin/|$PWD/bin/|" "$at/opx-authd.service" "$at/opx-authd.socket"
    XDG_RUNTIME_DIR=$at systemd-analyze verify --user --man=no "$at/opx-authd.service" "$at/opx-authd.socket" 2>"$at/said"
    code=$?
    cat "$at/said"
    # It also exits 0 where it only warns; a word about other units of the machine is not ours.
    grep -q 'opx-authd' "$at/said" && code=1
    rm -rf "$at"
    return $code
}

# What implies NoNewPrivileges or a user namespace in a user unit (systemd.exec(5)) is in the drop-in and nowhere else.
lenient() {
    ! grep -nE '^(NoNewPrivileges|SystemCall[A-Za-z]*|Restrict[A-Za-z]*|MemoryDenyWriteExecute|LockPersonality|Protect[A-Za-z]*|Private[A-Za-z]*|Dynamic[A-Za-z]*|CapabilityBoundingSet|ReadOnly[A-Za-z]*|ReadWrite[A-Za-z]*|Inaccessible[A-Za-z]*)=' \
        packaging/systemd/opx-authd.service packaging/systemd/opx-authd.socket
}

manuals() { for page in packaging/man/*.[158]; do mandoc -Tlint -W warning "$page" || return 1; done; }
nix_files() { for file in flake.nix nix/*.nix; do nix-instantiate --parse "$file" >/dev/null || return 1; done; }
nix_module() { nix-instantiate --eval --strict -E '(import ./nix/module-check.nix) { }' | grep '"module: [0-9]* checks"'; }
# With nixpkgs to be had; the evaluation against the stub stands in where it is not.
flake() { verb=$1; shift; nix --extra-experimental-features 'nix-command flakes' --option download-attempts 1 --option connect-timeout 5 flake "$verb" --no-update-lock-file "$@"; }
nix_flake() { flake check --no-build; }
completions() {
    bin/opx completion bash | bash -n /dev/stdin && bin/opx completion zsh >.build/_opx && zsh -n .build/_opx \
        && bin/opx completion fish >.build/opx.fish && fish --no-config -n .build/opx.fish
}
# Every action of a workflow is pinned to a commit.
pinned() { ! grep -hnE '^ *-? *uses: ' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v'; }

mkdir -p .build
check 'systemd-analyze verify --user' systemd-analyze units
check 'nothing implies NoNewPrivileges' grep lenient
check 'property list' xmllint xmllint --noout --nonet packaging/launchd/org.opx.authd.plist
check 'man pages' mandoc manuals
check 'ruby -c' ruby ruby -c homebrew/opx.rb
check 'nix-instantiate --parse' nix-instantiate nix_files
check 'Home Manager module' nix-instantiate nix_module
check 'completions' fish completions
check 'shellcheck' shellcheck shellcheck -S warning packaging/*.sh packaging/man/make.sh packaging/debian/prerm packaging/debian/postrm
check 'actions are pinned' grep pinned
check 'packages are those of the lock files' awk sh packaging/pinned.sh
if ! command -v nix >/dev/null || ! flake archive >.build/packaging.log 2>&1; then
    echo "packaging: nix flake check: nixpkgs is not to be had here, the module was evaluated against as much of it as it uses"
else
    check 'nix flake check' nix nix_flake
fi
[ "$failed" = 0 ] || { echo "packaging: failed" >&2; exit 1; }
echo "packaging: clean"
