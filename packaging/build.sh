#!/bin/sh
# Builds bin/opx and bin/opx-authd, native where the machine can (choose-framework.sh), and says which and why.
# Nothing is built that is newer than its sources.
set -eu
cd "$(dirname "$0")/.."

choice=$(sh packaging/choose-framework.sh)
framework=${choice%% *} rest=${choice#* }
native=${rest%% *} why=${rest#* }
case $native in
    true) kind=native ;;
    *) kind=managed ;;
esac
echo "build: $framework, $kind ($why)"

built=.build/built
if [ -f "$built" ] && [ "$(cat "$built")" = "$framework $kind" ] && [ -x bin/opx ] && [ -x bin/opx-authd ] \
    && [ -z "$(find src Directory.Build.props Directory.Packages.props global.json -type f -newer "$built" | head -n 1)" ]; then
    echo "build: bin/opx and bin/opx-authd are up to date"
    exit 0
fi

started=.build/build-started
: >"$started"
rm -rf .build/publish

# NativeAOT looks for clang and gcc by itself.
linker=
if [ "$native" = true ] && ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
    linker=-p:CppCompilerAndLinker=cc
fi

for project in Opx.Cli Opx.Daemon; do
    # shellcheck disable=SC2086 # an empty linker is no argument
    dotnet publish "src/$project" -c Release --nologo -v quiet -o ".build/publish/$project" \
        -p:OpxFramework="$framework" -p:OpxNative="$native" -p:ArtifactsPath="$PWD/.build/$kind" $linker
done

# A running daemon goes on with its old file: each is replaced by a rename, never written over.
mkdir -p bin
for file in .build/publish/Opx.Cli/* .build/publish/Opx.Daemon/*; do
    case $file in
        *.pdb | *.dbg | *.xml) continue ;;
    esac
    name=${file##*/}
    cp "$file" "bin/.$name.new"
    mv "bin/.$name.new" "bin/$name"
done
printf '%s %s\n' "$framework" "$kind" >"$built"
# The stamp carries the time at which the build began: what was edited meanwhile is built next time.
touch -r "$started" "$built"
echo "build: made bin/opx and bin/opx-authd"
