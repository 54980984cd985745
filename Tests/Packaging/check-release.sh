#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check-release.sh DIR: what `make dist` put into DIR, as people take it: checksums and signature, the package in a fresh
# Debian 12, the portable program where there is nothing but busybox. As root: it makes chroots.
set -euo pipefail
directory=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A key of its own signs a copy, where the release is not signed: what is tried is the commands of the README.
cp "$directory"/* "$work" 2>/dev/null || true
cd "$work"
ssh-keygen -q -t ed25519 -N '' -C release -f key
rm -f SHA256SUMS.sig
ssh-keygen -q -Y sign -n ca-escrow-release-v1 -f key <SHA256SUMS >SHA256SUMS.sig
echo "release namespaces=\"ca-escrow-release-v1\" $(cut -d' ' -f1,2 key.pub)" >release.signers
ssh-keygen -Y verify -f release.signers -I release -n ca-escrow-release-v1 -s SHA256SUMS.sig <SHA256SUMS
sha256sum --check --quiet SHA256SUMS
sed 's/^./f/' SHA256SUMS >altered
if ssh-keygen -Y verify -f release.signers -I release -n ca-escrow-release-v1 -s SHA256SUMS.sig <altered 2>/dev/null; then
    echo "altered checksums verify" >&2
    exit 1
fi

lintian --pedantic --fail-on error,warning "$directory"/ca-escrow_*.deb
"$here/bare.sh" "$directory"/ca-escrow-*-linux.tar.gz
"$here/debian.sh" "$directory"/ca-escrow_*.deb
echo 'the release: passed'
