#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make.sh PROGRAM DIR: a directory for a custodian's stick: the portable PROGRAM, the guide as a page and as text, the
# script that starts the program, and checksums.
set -euo pipefail
here=$(dirname "$0")
guide=$here/../../docs/custodian.md

rm -rf "$2"
mkdir -p "$2"
install -m 0755 -s "$1" "$2/ca-escrow"
install -m 0755 "$here/start.sh" "$2/start.sh"
sed '/^<!-- test .* -->$/d' "$guide" | lowdown -s -Thtml -M title='ca-escrow: for custodians' -M css=guide.css >"$2/guide.html"
install -m 0644 "$here/guide.css" "$2/guide.css"
sed '/^<!-- test .* -->$/d' "$guide" | lowdown -s -Tterm --term-no-ansi --term-columns=78 >"$2/guide.txt"
(cd "$2" && sha256sum ca-escrow guide.css guide.html guide.txt start.sh >SHA256SUMS)
