#!/bin/sh
# The code's shape and its warnings. Every check runs, whatever another found.
set -u
cd "$(dirname "$0")/.."
failed=0

echo "lint: build with warnings as errors"
dotnet build opx.sln --nologo -v quiet -warnaserror || failed=1

echo "lint: dotnet format"
dotnet format opx.sln --no-restore --verify-no-changes || failed=1

if command -v shellcheck >/dev/null; then
    echo "lint: shellcheck"
    find .ci packaging tests -name '*.sh' -o -path .ci/run -o -path '*/OnePassword/op' | xargs shellcheck -x -s sh -e SC1091,SC2154 || failed=1
else
    echo "lint: shellcheck is not installed, the shell scripts were not checked"
fi

if [ "$failed" -ne 0 ]; then
    echo "lint: failed" >&2
    exit 1
fi
echo "lint: clean"
