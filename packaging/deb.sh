#!/bin/sh
# make deb: dist/opx_VERSION_ARCH.deb, by dpkg-deb alone. Reproducible as make dist is.
set -eu
cd "$(dirname "$0")/.."
version=$(sh packaging/version.sh)
SOURCE_DATE_EPOCH=$(sh packaging/epoch.sh)
export SOURCE_DATE_EPOCH
arch=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
mkdir "$work/tree"
sh packaging/stage.sh "$work/tree/usr"
# What Debian has rules for: the licence is called copyright, the changelog is packed, MIT's text has no place of its own.
doc=$work/tree/usr/share/doc/opx
{ cat packaging/debian/copyright; sed 's/^$/./; s/^/ /' LICENSE; } >"$doc/copyright"
rm "$doc/LICENSE"
gzip -9n "$doc/CHANGELOG.md"
mkdir -p "$work/tree/usr/share/zsh/vendor-completions"
mv "$work/tree/usr/share/zsh/site-functions/_opx" "$work/tree/usr/share/zsh/vendor-completions/"
rmdir "$work/tree/usr/share/zsh/site-functions"
mkdir "$work/tree/DEBIAN"
size=$(du -sk "$work/tree/usr" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" packaging/debian/control >"$work/tree/DEBIAN/control"
for script in prerm postrm; do
    cp "packaging/debian/$script" "$work/tree/DEBIAN/"
    chmod 0755 "$work/tree/DEBIAN/$script"
done
(cd "$work/tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$work/tree/DEBIAN/md5sums"
sh packaging/settle.sh "$work/tree"
mkdir -p dist
dpkg-deb --root-owner-group -Zxz --build "$work/tree" "dist/opx_${version}_$arch.deb" >/dev/null
sh packaging/checksums.sh
echo "deb: dist/opx_${version}_$arch.deb"
