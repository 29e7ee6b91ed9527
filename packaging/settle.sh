#!/bin/sh
# Gives everything below a directory the time SOURCE_DATE_EPOCH: sh packaging/settle.sh DIRECTORY
# GNU's touch takes seconds, BSD's (macOS) a date.
set -eu
epoch=${SOURCE_DATE_EPOCH:-0}
if touch -d "@$epoch" "$1" 2>/dev/null; then
    find "$1" -exec touch -h -d "@$epoch" {} +
else
    moment=$(date -u -r "$epoch" +%Y%m%d%H%M.%S)
    TZ=UTC find "$1" -exec touch -h -t "$moment" {} +
fi
