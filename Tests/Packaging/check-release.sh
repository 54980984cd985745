#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check-release.sh DIR: what `make dist` put into DIR, as people take it: checksums and signature, the package in a fresh
# Debian 12, the portable program where there is nothing but busybox. As root: it makes chroots.
set -euo pipefail
directory=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$directory"/*.* "$directory/SHA256SUMS" "$work"
cd "$work"
# The release's signature, if it has one, is that of its key. A key of this run then signs it, and the commands of the
# README are given as they stand there.
[ ! -e SHA256SUMS.sig ] || ssh-keygen -Y check-novalidate -n ca-escrow-release-v1 -s SHA256SUMS.sig <SHA256SUMS
ssh-keygen -q -t ed25519 -N '' -C release -f key
rm -f SHA256SUMS.sig
ssh-keygen -q -Y sign -n ca-escrow-release-v1 -f key <SHA256SUMS >SHA256SUMS.sig
echo "release namespaces=\"ca-escrow-release-v1\" $(cut -d' ' -f1,2 key.pub)" >release.signers
commands=$(grep -E '^(ssh-keygen -Y verify|sha256sum --check) ' "$here/../../README.md")
[ "$(wc -l <<<"$commands")" = 2 ] || { echo "the README does not say how a release is verified" >&2; exit 1; }
bash -euc "$commands"
sed 's/^./f/' SHA256SUMS >altered
if ssh-keygen -Y verify -f release.signers -I release -n ca-escrow-release-v1 -s SHA256SUMS.sig <altered >/dev/null 2>&1; then
    echo "altered checksums verify" >&2
    exit 1
fi

lintian --pedantic --display-info --fail-on error,warning,info,pedantic "$directory"/*.deb
"$here/bare.sh" "$directory"/ca-escrow-*-linux.tar.gz
"$here/debian.sh" "$directory"/ca-escrow_*.deb
echo 'the release: passed'
