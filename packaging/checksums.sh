#!/bin/sh
# Writes dist/SHA256SUMS over what is there.
set -eu
cd "$(dirname "$0")/.."
(cd dist && for file in *.tar.gz *.cdx.json *.deb; do if [ -e "$file" ]; then sha256sum "$file" 2>/dev/null || shasum -a 256 "$file"; fi; done >SHA256SUMS)
