#!/bin/sh
# Runs the test projects and ends with their total: sh tests/run.sh all|unit|scripts
# Every project is a program of its own (xunit.v3) and is run as one.
set -u
cd "$(dirname "$0")/.." || exit

case ${1:-all} in
    all) projects=$(echo tests/*.Tests) ;;
    unit) projects=$(for p in tests/*.Tests; do case $p in *Scripts.Tests) ;; *) echo "$p" ;; esac; done) ;;
    scripts) projects=tests/Opx.Scripts.Tests ;;
    *)
        echo "usage: tests/run.sh all|unit|scripts" >&2
        exit 2
        ;;
esac

# The programs under the version of yesterday, managed: what scripts about upgrades run beside bin/.
older() {
    for program in Opx.Cli Opx.Daemon; do
        dotnet build "src/$program" --nologo -v quiet -p:Version=0.0.1 -p:ArtifactsPath="$PWD/.build/older" || return 1
    done
}

mkdir -p .build
totals=.build/test-totals
rm -f "$totals"
passed=0 failed=0 skipped=0
for project in $projects; do
    name=${project##*/}
    log=.build/$name.log
    echo "== $name"
    if ! dotnet build "$project" --nologo -v quiet || { [ "$name" = Opx.Scripts.Tests ] && ! older; }; then
        echo "$name does not build"
        failed=$((failed + 1))
        continue
    fi
    { dotnet ".build/net10.0/bin/$name/debug/$name.dll" -noLogo -noColor 2>&1; echo "exit $?"; } | tee "$log" | grep -v '^exit [0-9]*$'
    # The summary's line: "   NAME  Total: 3, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s"
    summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
    figure() { printf '%s\n' "$summary" | sed -n "s/.*$1: \([0-9]*\).*/\1/p"; }
    if [ -z "$summary" ]; then
        echo "$name ended without a summary"
        failed=$((failed + 1))
        continue
    fi
    lost=$(($(figure Failed) + $(figure Errors)))
    left=$(($(figure Skipped) + $(figure 'Not Run')))
    passed=$((passed + $(figure Total) - $(figure Failed) - left))
    failed=$((failed + lost))
    skipped=$((skipped + left))
    if [ "$lost" -eq 0 ] && [ "$(tail -n 1 "$log")" != "exit 0" ]; then
        echo "$name reported no failure and ended with $(tail -n 1 "$log")"
        failed=$((failed + 1))
    fi
done

total="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then
    total="$total, $skipped skipped"
fi
printf '%s\n' "$total" | tee "$totals"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
