#!/bin/sh
# Prints the time that everything in a package bears: the commit's, so that the same commit gives the same bytes.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
    echo "$SOURCE_DATE_EPOCH"
else
    git log -1 --format=%ct 2>/dev/null || echo 0
fi
