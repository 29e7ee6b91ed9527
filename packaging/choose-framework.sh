#!/bin/sh
# Prints how this machine can build the programs, one line: FRAMEWORK NATIVE WHY…
#
# Native code wants a C compiler as linker and a runtime pack from the package feed; some feeds carry the pack of net9.0 and not
# that of net10.0. Asking the feed takes seconds, so the answer is kept in .build/framework for as long as the machine's
# compilers and the project's own settings stay what they were.
set -eu
cd "$(dirname "$0")/.."

answer=.build/framework
compilers=$(for c in clang gcc cc; do command -v "$c" || true; done | tr '\n' ' ')
key="$compilers$(cksum <global.json) $(cksum <src/Native.props) $(cksum <Directory.Packages.props)"

if [ -f "$answer" ] && [ "$(sed -n 1p "$answer")" = "$key" ]; then
    sed -n 2p "$answer"
    exit 0
fi

restores() {
    for project in Opx.Cli Opx.Daemon; do
        dotnet restore "src/$project" -p:OpxFramework="$1" -p:OpxNative=true -p:ArtifactsPath="$PWD/.build/native" >.build/probe.log 2>&1 || return 1
    done
}

mkdir -p .build
if [ -z "$compilers" ]; then
    choice="net10.0 false no C compiler (clang, gcc or cc) is installed: with one, make build makes native programs"
elif restores net10.0; then
    choice="net10.0 true a C compiler and the net10.0 runtime pack are here"
elif restores net9.0; then
    choice="net9.0 true the package feed has no native runtime pack for net10.0 and has one for net9.0"
else
    choice="net10.0 false the package feed has no native runtime pack (see .build/probe.log)"
fi
printf '%s\n%s\n' "$key" "$choice" >"$answer.new"
mv "$answer.new" "$answer"
printf '%s\n' "$choice"
