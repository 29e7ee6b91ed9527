#!/bin/sh
# Prints the bill of materials, CycloneDX 1.5 in JSON: sh packaging/sbom.sh
# The components are what the restore of the two programs came to (project.assets.json), and the runtime that is compiled into them. Serial
# number and time come from the commit.
set -eu
cd "$(dirname "$0")/.."
version=$(sh packaging/version.sh) epoch=$(sh packaging/epoch.sh)
commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
moment=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$epoch" +%Y-%m-%dT%H:%M:%SZ)
serial=$(printf '%s' "opx $version $commit" | { sha256sum 2>/dev/null || shasum -a 256; } | sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\).*/\1-\2-5\3-8\4-\5/')
# "Name/1.2.3": { "sha512": …, "type": "package" } below "libraries".
kind=$(cut -d" " -f2 .build/built)
packages=$(cat ".build/$kind/obj/Opx.Cli/project.assets.json" ".build/$kind/obj/Opx.Daemon/project.assets.json" |
    awk '/^  "libraries": \{/ { on = 1; next } on && /^  \}/ { on = 0 } on && /^    "[^"]+\/[^"]+": \{/ { gsub(/[" :{]/, ""); name = $0 }
        on && /"type": "package"/ { print name }' | grep -v -e '^Microsoft.CodeAnalysis' | sort -u)
cat <<END
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "serialNumber": "urn:uuid:$serial",
  "version": 1,
  "metadata": {
    "timestamp": "$moment",
    "component": {
      "type": "application", "bom-ref": "opx@$version", "name": "opx", "version": "$version",
      "licenses": [ { "license": { "id": "MIT" } } ]
    }
  },
  "components": [
END
first=yes
for package in $packages; do
    name=${package%/*} number=${package##*/}
    [ "$first" = yes ] || echo ','
    first=no
    printf '    { "type": "library", "bom-ref": "pkg:nuget/%s@%s", "name": "%s", "version": "%s", "purl": "pkg:nuget/%s@%s" }' \
        "$name" "$number" "$name" "$number" "$name" "$number"
done
cat <<END

  ]
}
END
