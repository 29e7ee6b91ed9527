#!/bin/sh
# Prints the bill of materials, CycloneDX 1.5 in JSON: sh packaging/sbom.sh
# The components are the packages whose files the compiler was given for the two programs, the runtime among them; what only builds is in no program
# and not in the list. Hashes are those of the packages as they were fetched. Serial number and time come from the commit.
set -eu
cd "$(dirname "$0")/.."
version=$(sh packaging/version.sh) epoch=$(sh packaging/epoch.sh)
commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
moment=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$epoch" +%Y-%m-%dT%H:%M:%SZ)
serial=$(printf '%s' "opx $version $commit" | { sha256sum 2>/dev/null || shasum -a 256; } | sed 's/^\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\).*/\1-\2-5\3-8\4-\5/')

# Each package's directory: above the assemblies in the compiler's list, the one with a manifest. Our own assemblies have none.
packages=$(cat .build/native/obj/Opx.Cli/*/native/opx.ilc.rsp .build/native/obj/Opx.Daemon/*/native/opx-authd.ilc.rsp |
    grep -oE '/[^":]*\.dll' | sed 's|/[^/]*$||' | sort -u | while read -r directory; do
        until [ "$directory" = "" ] || ls "$directory"/*.nuspec >/dev/null 2>&1; do directory=${directory%/*}; done
        [ "$directory" = "" ] || echo "$directory"
    done | LC_ALL=C sort -u)
[ -n "$packages" ] || { echo "sbom: .build/ has no native build: run make build" >&2; exit 1; }

tag() { sed -n "s|.*<$1[^>]*>\([^<]*\)</$1>.*|\1|p" "$2"/*.nuspec | head -n 1; }
reference() { echo "pkg:nuget/$(tag id "$1")@$(tag version "$1")"; }
# Of what a package's manifest asks for, that which is in the programs.
needs() {
    for other in $packages; do
        ! grep -q "<dependency id=\"$(tag id "$other")\"" "$1"/*.nuspec || reference "$other"
    done
}
list() { sed 's/.*/"&"/' | paste -sd, -; }

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
comma=
for package in $packages; do
    hash=$(base64 -d <"$(ls "$package"/*.nupkg.sha512)" | od -An -v -tx1 | tr -d ' \n')
    license=$(tag license "$package" | sed 's/.*/, "licenses": [ { "license": { "id": "&" } } ]/')
    printf '%s    { "type": "library", "bom-ref": "%s", "name": "%s", "version": "%s", "purl": "%s",\n      "hashes": [ { "alg": "SHA-512", "content": "%s" } ]%s }' "$comma" \
        "$(reference "$package")" "$(tag id "$package")" "$(tag version "$package")" "$(reference "$package")" "$hash" "$license"
    comma=',
'
done
printf '\n  ],\n  "dependencies": [\n    { "ref": "opx@%s", "dependsOn": [ %s ] }' "$version" "$(for package in $packages; do reference "$package"; done | list)"
for package in $packages; do
    printf ',\n    { "ref": "%s", "dependsOn": [ %s ] }' "$(reference "$package")" "$(needs "$package" | list)"
done
printf '\n  ]\n}\n'
