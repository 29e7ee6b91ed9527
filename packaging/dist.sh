#!/bin/sh
# make dist: dist/opx-VERSION-SYSTEM.tar.gz, its bill of materials and SHA256SUMS. Two runs on one commit give the same bytes: names are sorted,
# times are the commit's, owners are nobody's; the programs themselves come out of a deterministic compiler.
set -eu
cd "$(dirname "$0")/.."
version=$(sh packaging/version.sh)
SOURCE_DATE_EPOCH=$(sh packaging/epoch.sh)
export SOURCE_DATE_EPOCH
system=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
name=opx-$version-$system
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
sh packaging/stage.sh "$work/$name"
mkdir -p dist
sh packaging/sbom.sh >"$work/$name/share/doc/opx/opx.cdx.json"
sh packaging/settle.sh "$work/$name"
cp "$work/$name/share/doc/opx/opx.cdx.json" "dist/$name.cdx.json"
if tar --version 2>/dev/null | grep -q GNU; then
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -cf - "$name" | gzip -9n >"dist/$name.tar.gz"
else
    (cd "$work" && find "$name" | LC_ALL=C sort | tar --uid 0 --gid 0 --format ustar -n -T - -cf -) | gzip -9n >"dist/$name.tar.gz"
fi
sh packaging/checksums.sh
echo "dist: dist/$name.tar.gz"
