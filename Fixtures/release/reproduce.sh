#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# reproduce.sh: makes a release twice, in two directories, with another umask, time zone and language, and compares every
# file. diffoscope says where they differ.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
here=$PWD/.build-reproduce
rm -rf "$here"
mkdir -p "$here/somewhere/quite/else"

Fixtures/release/dist.sh "$here/first" || exit
(umask 077 && TZ=Pacific/Auckland LC_ALL=C Fixtures/release/dist.sh "$here/somewhere/quite/else/second") || exit

status=0
for file in "$here"/first/*; do
    [ -f "$file" ] || continue
    other=$here/somewhere/quite/else/second/$(basename "$file")
    if cmp "$file" "$other"; then
        echo "same: $(basename "$file")"
    else
        status=1
        diffoscope --max-report-size 200000 "$file" "$other"
    fi
done
exit $status
