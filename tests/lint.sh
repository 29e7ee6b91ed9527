#!/bin/sh
# The code's shape and its warnings. Every check runs, whatever another found.
set -u
cd "$(dirname "$0")/.." || exit
failed=0

echo "lint: packages are those of the lock files"
dotnet restore opx.sln --nologo -v quiet --locked-mode || failed=1

echo "lint: build with warnings as errors"
dotnet build opx.sln --nologo -v quiet -warnaserror || failed=1

echo "lint: dotnet format"
dotnet format opx.sln --no-restore --verify-no-changes || failed=1

if command -v shellcheck >/dev/null; then
    echo "lint: shellcheck"
    sh_programs=".ci/run $(find packaging tests -name '*.sh' -not -path '*/scripts/*') $(find packaging/debian -name '*rm') $(grep -lr '^#!/bin/sh' packaging/recipes) $(find tests -path '*/OnePassword/op')"
    # shellcheck disable=SC2086 # words
    shellcheck -S warning -e SC1007 $sh_programs || failed=1
    # The scripts use the prelude's words and set variables for it.
    find tests/Opx.Scripts.Tests/scripts -name '*.sh' -exec shellcheck -s sh -S warning -e SC2034 {} + || failed=1
else
    echo "lint: shellcheck is not installed, the shell scripts were not checked"
fi

if [ "$failed" -ne 0 ]; then
    echo "lint: failed" >&2
    exit 1
fi
echo "lint: clean"
