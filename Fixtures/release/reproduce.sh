#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# reproduce.sh [DIR]: makes a release twice, in two directories, with another umask, time zone and language, and compares
# every file; or once, and compares it with the release in DIR, whoever made that. diffoscope says where they differ.
set -euo pipefail
top=$(realpath "$(dirname "$0")/../..")
here=$top/.build-reproduce
first=$(realpath -m "${1:-$here/first}")
second=$here/somewhere/quite/else/second
cd "$top"
rm -rf "$here"

[ -n "${1:-}" ] || Fixtures/release/dist.sh "$first"
mkdir -p "$(dirname "$second")"
(umask 077 && TZ=Pacific/Auckland LC_ALL=C Fixtures/release/dist.sh "$second")

# Whoever has signed it, the rest must be the same.
files() { (cd "$1" && find . -maxdepth 1 -type f ! -name SHA256SUMS.sig -printf '%P\n' | sort); }
diff <(files "$first") <(files "$second")
status=0
while read -r file; do
    if cmp "$first/$file" "$second/$file"; then
        echo "same: $file"
    else
        status=1
        diffoscope --max-report-size 200000 "$first/$file" "$second/$file" || true
    fi
done < <(files "$first")
exit $status
