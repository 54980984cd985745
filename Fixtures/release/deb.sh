#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deb.sh DIR: Debian's package of the tree that this script lies in, and the one with its debug symbols, into DIR.
set -euo pipefail
directory=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
mkdir -p "$directory"
rm -f "$directory"/*.deb
DEB_OUTPUT=$directory dpkg-buildpackage --build=binary --no-sign --no-pre-clean \
    --buildinfo-option=-u"$directory" --buildinfo-file="$directory/ca-escrow.buildinfo" \
    --changes-option=-u"$directory" --changes-file="$directory/ca-escrow.changes"
