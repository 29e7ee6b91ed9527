#!/bin/sh
# Lays out what is installed below a directory, as archives and packages have it: sh packaging/stage.sh DIRECTORY
# Programs, man pages, completions, units, licence. Times are the commit's (SOURCE_DATE_EPOCH), modes do not hang on the umask.
set -eu
cd "$(dirname "$0")/.."
root=$1
if [ -e .build/built ] && [ "$(cut -d' ' -f2 .build/built)" != native ]; then
    echo "stage: bin/ holds a managed build; what is shipped is native: a C compiler is needed" >&2
    exit 1
fi
umask 022
mkdir -p "$root/bin" "$root/share/doc/opx" "$root/share/man/man1" "$root/share/man/man5" "$root/share/man/man8" \
    "$root/share/bash-completion/completions" "$root/share/zsh/site-functions" "$root/share/fish/vendor_completions.d" "$root/lib/systemd/user/opx-authd.service.d"
cp bin/opx bin/opx-authd "$root/bin/"
# The programs say what their pages and completions are; what is checked in is the same (a test compares).
pages=$(mktemp -d)
sh packaging/man/make.sh bin "$pages"
for page in "$pages"/*; do
    gzip -9n <"$page" >"$root/share/man/man${page##*.}/${page##*/}.gz"
done
rm -rf "$pages"
bin/opx completion bash >"$root/share/bash-completion/completions/opx"
bin/opx completion zsh >"$root/share/zsh/site-functions/_opx"
bin/opx completion fish >"$root/share/fish/vendor_completions.d/opx.fish"
cp packaging/systemd/opx-authd.service packaging/systemd/opx-authd.socket "$root/lib/systemd/user/"
mkdir -p "$root/share/doc/opx/examples"
rmdir "$root/lib/systemd/user/opx-authd.service.d"
cp packaging/systemd/opx-authd.service.d/vault-only.conf packaging/launchd/org.opx.authd.plist "$root/share/doc/opx/examples/"
cp README.md CHANGELOG.md LICENSE "$root/share/doc/opx/"
find "$root" -type d -exec chmod 0755 {} +
find "$root" -type f -exec chmod 0644 {} +
chmod 0755 "$root/bin/opx" "$root/bin/opx-authd"
sh packaging/settle.sh "$root"
