#!/bin/sh
# Holds what the build of bin/ restored against the lock files: the same versions, the same bytes. A native build's graph differs from machine to machine (the
# compiler comes with the SDK's patch and for the machine's system), so that no lock file serves it; what it shares with the managed one is checked here.
set -eu
cd "$(dirname "$0")/.."
kind=$(cut -d' ' -f2 .build/built)

# What comes with the SDK and is no part of the programs' sources.
toolchain='^(runtime\.[^/]*\.)?microsoft\.(dotnet\.ilcompiler|net\.illink\.tasks|netcore\.app\.[^/]*|aspnetcore\.app\.[^/]*)/'

# name/version hash, in lower case, a line each.
locked() {
    awk '/^      "[^"]+": \{/ { gsub(/[" :{]/, ""); name = tolower($0) } /"resolved":/ { gsub(/[",]/, ""); version = $2 }
        /"contentHash":/ { gsub(/[",]/, ""); print name "/" version, $2 }' src/*/packages.managed.lock.json | sort -u
}
restored() {
    awk '/^  "libraries": \{/ { on = 1; next } on && /^  \}/ { on = 0 } on && /^    "[^"]+\/[^"]+": \{/ { gsub(/[" :{]/, ""); name = tolower($0) }
        on && /"sha512":/ { gsub(/[",]/, ""); print name, $2 }' ".build/$kind"/obj/Opx.*/project.assets.json | grep -vE "$toolchain" | sort -u
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
locked >"$work/locked"
restored >"$work/restored"
[ -s "$work/restored" ] || { echo "pinned: nothing is found in .build/$kind" >&2; exit 1; }
if comm -23 "$work/restored" "$work/locked" | grep .; then
    echo "pinned: these are not in the lock files: run dotnet restore opx.sln, and look at what changed" >&2
    exit 1
fi
echo "pinned: $(wc -l <"$work/restored" | tr -d ' ') packages are those of the lock files"
