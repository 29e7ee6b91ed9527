#!/bin/sh
# Prints the version: Directory.Build.props is the one place where it is written.
set -eu
sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$(dirname "$0")/../Directory.Build.props" | head -n 1
