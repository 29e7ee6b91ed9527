#!/bin/sh
# Ten million inputs through everything that reads bytes, and a hundred thousand histories of reads, locks and reloads beside a plain model:
# sh tests/fuzz.sh [TARGET [SEED]]. OPX_FUZZ_INPUTS, OPX_HISTORIES and OPX_FUZZ_SEED say how many and from where.
set -u
cd "$(dirname "$0")/.." || exit
built=.build/net10.0/bin
for project in Opx.Fuzz.Tests Opx.Model.Tests; do
    dotnet build "tests/$project" -c Release --nologo -v quiet || exit
done

case ${1:-} in
    histories) exec dotnet "$built/Opx.Model.Tests/release/Opx.Model.Tests.dll" histories ${2:+"$2"} ;;
    ?*) exec dotnet "$built/Opx.Fuzz.Tests/release/Opx.Fuzz.Tests.dll" fuzz "$1" ${2:+"$2"} ;;
esac

failed=0
dotnet "$built/Opx.Fuzz.Tests/release/Opx.Fuzz.Tests.dll" fuzz || failed=1
dotnet "$built/Opx.Model.Tests/release/Opx.Model.Tests.dll" histories || failed=1
dotnet build tests/Opx.Fuzz.Tests -t:Coverage --nologo -v minimal || failed=1
exit "$failed"
